package io.dropblock.spark.data.kind;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** What label maps are in a data set, as text: the share of each class in their pixels. */
record PixelTable() implements KindTable {
  @Override
  public String balanceTitle() {
    return "class balance, images that show the class";
  }

  @Override
  public String titles() {
    return format("%11s%11s", "train px", "val px");
  }

  @Override
  public String cells(ClassTally train, ClassTally val, int label) {
    return cells(train, val, pixels -> pixels.classes().get(label));
  }

  @Override
  public List<Row> more(ClassTally train, ClassTally val) {
    return List.of(new Row(cells(train, val, LabelPixels::voids), "void"));
  }

  private static String cells(ClassTally train, ClassTally val, ToLongFunction<LabelPixels> some) {
    return share(train, some) + share(val, some);
  }

  private static String share(ClassTally tally, ToLongFunction<LabelPixels> some) {
    LabelPixels pixels = ((LabelMapTally) tally).pixels();
    return pixels.total() == 0
        ? format("%11s", "-")
        : format("%9.2f %%", 100. * some.applyAsLong(pixels) / pixels.total());
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
