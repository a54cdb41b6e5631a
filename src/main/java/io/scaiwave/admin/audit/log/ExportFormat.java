package io.scaiwave.admin.audit.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.scaiwave.admin.audit.entry.AuditEntry;
import io.scaiwave.admin.json.Json;
import io.scaiwave.admin.json.JsonText;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How an export writes its entries. */
enum ExportFormat {
    NDJSON("application/x-ndjson", "ndjson") {
        @Override
        Buffer head() {
            return Buffer.buffer();
        }

        @Override
        Buffer lines(List<AuditEntry> entries) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream(entries.size() * ENTRY_BYTES);
            try (SequenceWriter writer = ENTRIES.writeValues(lines)) {
                writer.writeAll(entries);
            } catch (IOException e) {
                throw new IllegalStateException("an entry cannot be written as JSON", e);
            }
            if (!entries.isEmpty()) {
                lines.write('\n');
            }
            return Buffer.buffer(lines.toByteArray());
        }
    },

    CSV("text/csv", "csv") {
        @Override
        Buffer head() {
            return Buffer.buffer(String.join(",", AuditEntry.MEMBERS) + "\r\n");
        }

        @Override
        Buffer lines(List<AuditEntry> entries) {
            try {
                return Buffer.buffer(TABLE.writeValueAsBytes(
                        entries.stream().map(ExportFormat::cells).toList()));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("an entry cannot be written as CSV", e);
            }
        }
    };

    /** Spreadsheets take a cell that begins with one of these for a formula and run it. */
    private static final String RUN_BY_SPREADSHEETS = "=+-@\t\r";

    /** More than most entries take. */
    private static final int ENTRY_BYTES = 1024;

    private static final ObjectWriter ENTRIES =
            Json.MAPPER.writerFor(AuditEntry.class).withRootValueSeparator("\n");

    private static final ObjectWriter TABLE = CsvMapper.builder()
            .enable(CsvGenerator.Feature.ALWAYS_QUOTE_STRINGS)
            .build()
            .writer(CsvSchema.builder()
                    .addColumns(AuditEntry.MEMBERS, CsvSchema.ColumnType.STRING)
                    .setLineSeparator("\r\n")
                    .build());

    final String mediaType;
    final String extension;

    ExportFormat(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** What comes before the first entry. */
    abstract Buffer head();

    abstract Buffer lines(List<AuditEntry> entries);

    private static Map<String, Object> cells(AuditEntry entry) {
        Map<String, Object> cells = new LinkedHashMap<>(entry.members());
        cells.replaceAll(
                (name, value) -> value instanceof JsonText json ? json.object().encode() : guarded(value));
        return cells;
    }

    private static Object guarded(Object value) {
        if (value instanceof String text && !text.isEmpty() && RUN_BY_SPREADSHEETS.indexOf(text.charAt(0)) >= 0) {
            return "'" + text;
        }
        return value;
    }
}
