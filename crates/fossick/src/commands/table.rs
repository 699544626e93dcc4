//! Tables for people: columns as wide as they need to be.

/// Prints rows under headings. Nothing for no rows.
pub(crate) fn print<const N: usize>(headings: [&str; N], rows: &[[String; N]]) {
    if rows.is_empty() {
        return;
    }
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    line(&headings.map(str::to_owned), &widths);
    for row in rows {
        line(row, &widths);
    }
}

fn line<const N: usize>(cells: &[String; N], widths: &[usize; N]) {
    let mut text = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        let gap = width.saturating_sub(cell.chars().count()) + 2;
        text.push_str(cell);
        text.push_str(&" ".repeat(gap));
    }
    println!("{}", text.trim_end());
}
