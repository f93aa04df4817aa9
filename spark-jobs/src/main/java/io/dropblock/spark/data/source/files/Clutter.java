package io.dropblock.spark.data.source.files;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Files and folders that systems and programs leave behind in people's folders. */
final class Clutter {
  private static final Set<String> NAMES =
      Set.of(
          "__macosx",
          "@eadir",
          "@recycle",
          "@recently-snapshot",
          "@sharebin",
          "#recycle",
          "#snapshot",
          "$recycle.bin",
          "recycler",
          "system volume information",
          "lost+found",
          "thumbs.db",
          "ehthumbs.db",
          "ehthumbs_vista.db",
          "desktop.ini",
          "icon\r",
          "__pycache__",
          "paxheader",
          "paxheaders");
  // What an old tar makes of the headers of a newer one.
  private static final Pattern PAX = Pattern.compile("paxheaders\\.[0-9]+");

  private Clutter() {}

  /** Whether a file or folder is of that kind, or hidden: its name starts with a dot. */
  static boolean is(String simpleName) {
    String lower = simpleName.toLowerCase(Locale.ROOT);
    return lower.startsWith(".") || NAMES.contains(lower) || PAX.matcher(lower).matches();
  }
}
