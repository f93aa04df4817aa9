package io.dropblock.spark.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The recipes inside the jar. */
final class BundledRecipes {

  // A jar cannot be listed in a plain way; a test compares this with the folder.
  static final List<String> NAMES =
      List.of(
          "cifar10-amoebanet",
          "cifar10-amoebanet-dropblock",
          "cifar10-resnet20",
          "cifar10-resnet20-2025",
          "cifar10-resnet20-autoaugment",
          "cifar10-resnet20-cutout",
          "cifar10-resnet20-dropblock",
          "cifar10-resnet20-dropblock-labelsmoothing",
          "cifar10-resnet20-dropout",
          "cifar10-resnet20-droppath",
          "cifar10-resnet20-labelsmoothing",
          "cifar10-resnet20-spatialdropout",
          "cifar10-resnet32",
          "cifar10-resnet56",
          "coco-retinanet-r50-fpn",
          "coco-retinanet-r50-fpn-dropblock",
          "coco-retinanet-r50-fpn-finetune",
          "demo",
          "imagenet-amoebanet-b",
          "imagenet-amoebanet-b-dropblock",
          "imagenet-resnet101",
          "imagenet-resnet50",
          "imagenet-resnet50-2025",
          "imagenet-resnet50-autoaugment",
          "imagenet-resnet50-cutout",
          "imagenet-resnet50-dropblock",
          "imagenet-resnet50-dropblock-labelsmoothing",
          "imagenet-resnet50-dropout",
          "imagenet-resnet50-droppath",
          "imagenet-resnet50-labelsmoothing",
          "imagenet-resnet50-spatialdropout",
          "photos-resnet50-dropblock",
          "shapes-detection",
          "shapes-segmentation",
          "voc-segmentation-r101-fpn",
          "voc-segmentation-r101-fpn-dropblock",
          "voc-segmentation-r101-fpn-dropblock-finetune",
          "voc-segmentation-r101-fpn-finetune");

  private BundledRecipes() {}

  /** The file of one of the names, as it is. */
  static byte[] text(String name) {
    try (InputStream in = BundledRecipes.class.getResourceAsStream("/recipes/" + name + ".yaml")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read bundled recipe " + name, e);
    }
  }
}
