//! Tables for the eye on standard output; programs take the JSON forms.

use comfy_table::{ContentArrangement, Table, presets};

/// Columns wide where nobody says how wide the terminal is: the same in every pipe.
const WIDTH_IN_A_PIPE: u16 = 100;

/// A table with a header line, wrapped to the terminal; nothing is cut.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let width = terminal_size::terminal_size().map_or(WIDTH_IN_A_PIPE, |(width, _)| width.0.max(40));
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(header.to_vec())
        .add_rows(rows);
    table.trim_fmt() + "\n"
}

/// Rows side by side without lines, for lists of names.
pub fn columns(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).add_rows(rows);
    // The first column starts at the edge, so that `cut` and `awk` find it.
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt() + "\n"
}
