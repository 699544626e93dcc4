-- The world as plain facts. Nothing here decides anything: `facts.rs` copies, the views decide.
-- People and groups are numbers of this database; a list that names somebody unknown holds a number that nobody has.

-- anonymous: the global "anonymous can use" of Confluence.
CREATE TABLE site (has_jira INTEGER, has_confluence INTEGER, mode TEXT, anonymous INTEGER);

CREATE TABLE person (n INTEGER PRIMARY KEY, kind TEXT, active INTEGER, guest INTEGER);
CREATE TABLE grp (n INTEGER PRIMARY KEY, deleted INTEGER);
CREATE TABLE member (person INTEGER, grp INTEGER, PRIMARY KEY (person, grp)) WITHOUT ROWID;
-- gives: 'user', 'guest', 'admin' of Confluence; 'jira admin'; 'site admin'.
CREATE TABLE group_gives (grp INTEGER, gives TEXT);
CREATE TABLE application_role (key TEXT, grp INTEGER);

CREATE TABLE space (id INTEGER PRIMARY KEY);
-- kind: 'user', 'group' (then who), 'class' (then class).
CREATE TABLE space_row (space INTEGER, operation TEXT, target TEXT, kind TEXT, who INTEGER, class TEXT);
CREATE TABLE space_assignment (space INTEGER, role TEXT, kind TEXT, who INTEGER, class TEXT);
CREATE TABLE space_role (role TEXT, permission TEXT);

CREATE TABLE content (id INTEGER PRIMARY KEY, kind TEXT, space INTEGER, parent INTEGER, status TEXT, author INTEGER);
CREATE INDEX content_parent ON content (parent);
CREATE INDEX content_space ON content (space);
CREATE TABLE restriction (content INTEGER, operation TEXT, kind TEXT, who INTEGER);
CREATE INDEX restriction_content ON restriction (content);
CREATE TABLE collaborator (content INTEGER, person INTEGER, PRIMARY KEY (content, person)) WITHOUT ROWID;
CREATE TABLE page_attachment (id INTEGER PRIMARY KEY, content INTEGER, status TEXT);
CREATE INDEX page_attachment_content ON page_attachment (content);
-- One of content and attachment is set.
CREATE TABLE page_comment (id INTEGER PRIMARY KEY, content INTEGER, attachment INTEGER);
CREATE INDEX page_comment_content ON page_comment (content);
CREATE INDEX page_comment_attachment ON page_comment (attachment);

-- style: 'classic', 'open', 'limited', 'private'.
CREATE TABLE project (id INTEGER PRIMARY KEY, scheme INTEGER, style TEXT, lead INTEGER, archived INTEGER, deleted INTEGER);
CREATE TABLE actor (project INTEGER, role INTEGER, kind TEXT, who INTEGER);
-- holder: the type on the wire; who: person, group or role; name: application role or field.
CREATE TABLE scheme_grant (scheme INTEGER, permission TEXT, holder TEXT, who INTEGER, name TEXT);
CREATE TABLE level_member (level INTEGER, holder TEXT, who INTEGER, name TEXT);
CREATE TABLE issue (
  id INTEGER PRIMARY KEY, project INTEGER, reporter INTEGER, assignee INTEGER, security INTEGER, archived INTEGER
);
CREATE INDEX issue_project ON issue (project);
CREATE TABLE issue_user (issue INTEGER, field TEXT, person INTEGER, PRIMARY KEY (issue, field, person)) WITHOUT ROWID;
CREATE TABLE issue_group (issue INTEGER, field TEXT, grp INTEGER, PRIMARY KEY (issue, field, grp)) WITHOUT ROWID;
-- audience: NULL, 'group', 'role' (then who).
CREATE TABLE issue_comment (id INTEGER PRIMARY KEY, issue INTEGER, audience TEXT, who INTEGER);
CREATE INDEX issue_comment_issue ON issue_comment (issue);
CREATE TABLE worklog (id INTEGER PRIMARY KEY, issue INTEGER, audience TEXT, who INTEGER);
CREATE INDEX worklog_issue ON worklog (issue);
CREATE TABLE issue_attachment (id INTEGER PRIMARY KEY, issue INTEGER, comment INTEGER);
CREATE INDEX issue_attachment_issue ON issue_attachment (issue);

-- Whom the views are asked about; -1 is the public, which nobody's account is.
CREATE TABLE asked (person INTEGER PRIMARY KEY);
