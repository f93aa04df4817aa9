package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.image.ImageFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a file is by the ending of its name.
 *
 * @param ending lower case, without its dot; empty where there is none
 * @param image the format of the image, or null
 */
public record FileKind(String ending, ImageFormat image) {
  /** Endings of what is no image, so that nobody need look into it. */
  private static final Set<String> OTHERS =
      Set.of(
          // texts and annotations
          "txt",
          "json",
          "jsonl",
          "xml",
          "csv",
          "tsv",
          "md",
          "rst",
          "html",
          "htm",
          "yaml",
          "yml",
          "toml",
          "log",
          "pdf",
          "doc",
          "docx",
          "xls",
          "xlsx",
          "ini",
          "cfg",
          "lst",
          "names",
          "data",
          // programs and arrays
          "py",
          "ipynb",
          "sh",
          "m",
          "c",
          "java",
          "mat",
          "npy",
          "npz",
          "pkl",
          "pt",
          "pth",
          "h5",
          "hdf5",
          "db",
          "sqlite",
          "parquet",
          "tfrecord",
          "tfrecords",
          "onnx",
          // archives and films
          "zip",
          "gz",
          "tgz",
          "bz2",
          "xz",
          "7z",
          "rar",
          "tar",
          "mp4",
          "avi",
          "mov",
          "mkv",
          "webm",
          "wav",
          "mp3",
          // not finished, or older
          "tmp",
          "temp",
          "part",
          "crdownload",
          "download",
          "bak",
          "old",
          "orig",
          "lock",
          "swp",
          "md5",
          "sha1",
          "sha256",
          "aria2");

  /** By a file's name, which may have folders before it. */
  public static FileKind of(String name) {
    String simple = name.substring(name.lastIndexOf('/') + 1);
    int dot = simple.lastIndexOf('.');
    String ending = dot < 0 ? "" : simple.substring(dot + 1).toLowerCase(Locale.ROOT);
    Optional<ImageFormat> image = ImageFormat.ofEnding(ending);
    return new FileKind(ending, image.orElse(null));
  }

  /** Whether it is an image that this program reads. */
  public boolean isRead() {
    return image != null && image.isRead();
  }

  /** Whether only its bytes say what it is. */
  public boolean isOpen() {
    return image == null && !OTHERS.contains(ending) && !ending.endsWith("~");
  }

  /**
   * What such files are called.
   *
   * @param unused what is said of images that this program reads
   */
  public PassedOver.Noun noun(String unused) {
    if (isRead()) {
      return new PassedOver.Noun(image.title() + " image", " " + unused, false);
    }
    if (image != null) {
      return new PassedOver.Noun(image.title() + " image", "", true);
    }
    return ending.isEmpty()
        ? new PassedOver.Noun("file", " without an ending", false)
        : new PassedOver.Noun("." + ending + " file", "", false);
  }
}
