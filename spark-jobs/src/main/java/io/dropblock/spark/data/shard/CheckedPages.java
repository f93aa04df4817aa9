package io.dropblock.spark.data.shard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;

/**
 * A row group whose pages are checked against the checksums in their headers as they are read, in
 * place; Parquet's own check copies each page first. Pages are of the one kind that {@link
 * ShardWriter} makes, and must have a CRC-32.
 */
record CheckedPages(PageReadStore pages) implements PageReadStore {
  @Override
  public long getRowCount() {
    return pages.getRowCount();
  }

  @Override
  public PageReader getPageReader(ColumnDescriptor column) {
    return new Column(column, pages.getPageReader(column));
  }

  private record Column(ColumnDescriptor column, PageReader reader) implements PageReader {
    @Override
    public DictionaryPage readDictionaryPage() {
      if (reader.readDictionaryPage() != null) {
        throw broken("has a dictionary");
      }
      return null;
    }

    @Override
    public long getTotalValueCount() {
      return reader.getTotalValueCount();
    }

    @Override
    public DataPage readPage() {
      DataPage page = reader.readPage();
      if (page != null) {
        verify(page);
      }
      return page;
    }

    private void verify(DataPage page) {
      if (!(page instanceof DataPageV1 plain)) {
        throw broken("has a page of another kind");
      }
      OptionalInt expected = page.getCrc();
      if (expected.isEmpty()) {
        throw broken("has a page without a CRC-32");
      }
      if (crc(plain.getBytes()) != expected.getAsInt()) {
        throw broken("has a page with a wrong CRC-32");
      }
    }

    private static int crc(BytesInput bytes) {
      CRC32 crc = new CRC32();
      try {
        // no copy where the page lies in one buffer
        crc.update(bytes.toByteBuffer());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return (int) crc.getValue();
    }

    private ParquetDecodingException broken(String what) {
      return new ParquetDecodingException(
          String.format(Locale.ROOT, "column %s %s", column.getPath()[0], what));
    }
  }
}
