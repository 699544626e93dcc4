//! Links to the other pages of a list: the ends, the neighbours, and gaps in between.

/// One place in the row of page links.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Stop {
    /// A page that can be opened.
    Page {
        /// From 1.
        number: u32,
        /// Its address.
        url: String,
    },
    /// The page one is on.
    Here(u32),
    /// Pages left out.
    Gap,
}

/// The row of page links of a list.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Pager {
    /// Address of the page before this one.
    pub previous: Option<String>,
    /// Address of the page after this one.
    pub next: Option<String>,
    /// What stands between the two; empty when there is one page.
    pub stops: Vec<Stop>,
}

impl Pager {
    /// The row for page `current` of `last` (both from 1), with addresses from `url_of`.
    pub fn new(current: u32, last: u32, url_of: impl Fn(u32) -> String) -> Self {
        if last <= 1 && current <= 1 {
            return Self::default();
        }
        let previous = (current > 1).then(|| url_of((current - 1).min(last.max(1))));
        let next = (current < last).then(|| url_of(current + 1));
        let mut stops = Vec::new();
        let mut before = 0;
        for number in 1..=last {
            let is_shown = number == 1 || number == last || number.abs_diff(current) <= 1;
            if !is_shown {
                continue;
            }
            if number > before + 1 {
                stops.push(Stop::Gap);
            }
            stops.push(if number == current { Stop::Here(number) } else { Stop::Page { number, url: url_of(number) } });
            before = number;
        }
        Self { previous, next, stops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(current: u32, last: u32) -> String {
        let pager = Pager::new(current, last, |n| n.to_string());
        let stops: Vec<String> = pager
            .stops
            .iter()
            .map(|stop| match stop {
                Stop::Page { number, .. } => number.to_string(),
                Stop::Here(number) => format!("[{number}]"),
                Stop::Gap => "…".to_owned(),
            })
            .collect();
        format!("{:?} {} {:?}", pager.previous, stops.join(" "), pager.next)
    }

    #[test]
    fn the_row_shows_ends_and_neighbours() {
        assert_eq!(drawn(1, 1), "None  None");
        assert_eq!(drawn(1, 3), "None [1] 2 3 Some(\"2\")");
        assert_eq!(drawn(5, 9), "Some(\"4\") 1 … 4 [5] 6 … 9 Some(\"6\")");
        assert_eq!(drawn(9, 9), "Some(\"8\") 1 … 8 [9] None");
    }

    #[test]
    fn a_page_behind_the_last_leads_back_to_it() {
        assert_eq!(drawn(7, 2), "Some(\"2\") 1 2 None");
    }
}
