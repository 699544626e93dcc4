//! Tables of the check against answers as Atlassian gives them.
