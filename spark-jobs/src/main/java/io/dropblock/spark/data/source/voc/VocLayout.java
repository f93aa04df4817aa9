package io.dropblock.spark.data.source.voc;

import java.util.List;

/** Where the two data sets of VOC segmentation have their files. */
enum VocLayout {
  /** PASCAL VOC 2012 itself. */
  VOC(
      "VOC 2012",
      List.of("", "VOC2012/", "VOCdevkit/VOC2012/"),
      "ImageSets/Segmentation",
      "VOCtrainval_11-May-2012.tar"),
  /** The Semantic Boundaries Dataset, more labels of VOC's images. */
  SBD("SBD", List.of("", "dataset/", "benchmark_RELEASE/dataset/"), "cls", "benchmark.tar");

  private final String title;
  private final List<String> roots;
  private final String mark;
  private final String tar;

  VocLayout(String title, List<String> roots, String mark, String tar) {
    this.title = title;
    this.roots = roots;
    this.mark = mark;
    this.tar = tar;
  }

  /** What people call it. */
  String title() {
    return title;
  }

  /** Folders to count from, as seen from what a user may name; with a slash at the end. */
  List<String> roots() {
    return roots;
  }

  /** The folder that tells such a folder. */
  String mark() {
    return mark;
  }

  /** Name of the download, not compressed. */
  String tar() {
    return tar;
  }

  /** The mark as the download has it. */
  String wanted() {
    return roots.get(roots.size() - 1) + mark;
  }
}
