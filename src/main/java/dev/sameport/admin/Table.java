package dev.sameport.admin;

import dev.sameport.admin.Paint.Tone;
import java.util.ArrayList;
import java.util.List;

/// Rows under a heading, each column as wide as its longest cell. Confined to one rendering.
public final class Table {
    private static final String GAP = "  ";

    /// A column; numbers stand to the right.
    public record Column(String name, boolean number) {}

    /// A cell's text, foreign text included.
    public record Cell(String text, Tone tone) {
        public Cell {
            text = Printable.text(text);
        }

        /// Without a tone.
        public static Cell of(String text) {
            return new Cell(text, Tone.PLAIN);
        }

        /// A number, without a tone.
        public static Cell of(long number) {
            return of(Long.toString(number));
        }

        int width() {
            return text.codePointCount(0, text.length());
        }
    }

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    public Table(Column... columns) {
        this.columns = List.of(columns);
        rows.add(this.columns.stream().map(column -> new Cell(column.name(), Tone.HEAD)).toList());
    }

    /// Adds a row, of as many cells as there are columns.
    public void row(Cell... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells in a table of " + columns.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /// The whole, each line ended.
    public String text(Paint paint) {
        StringBuilder text = new StringBuilder();
        int[] widths = new int[columns.size()];
        for (List<Cell> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).width());
            }
        }
        for (List<Cell> row : rows) {
            line(text, row, widths, paint);
        }
        return text.toString();
    }

    private void line(StringBuilder text, List<Cell> row, int[] widths, Paint paint) {
        int blank = 0;
        for (int i = 0; i < widths.length; i++) {
            Cell cell = row.get(i);
            int missing = widths[i] - cell.width();
            blank += columns.get(i).number() ? missing : 0;
            if (cell.width() > 0) {
                text.repeat(' ', blank).append(paint.on(cell.tone(), cell.text()));
                blank = 0;
            }
            // Blanks are written only before text, so no line ends in any.
            blank += (columns.get(i).number() ? 0 : missing) + GAP.length();
        }
        text.append('\n');
    }
}
