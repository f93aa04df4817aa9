package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Default;
import io.dropblock.spark.recipe.yaml.RecipeException;
import io.dropblock.spark.recipe.yaml.Rules;
import io.dropblock.spark.recipe.yaml.Tagged;

/** What the network learns to tell, and what only that task needs. */
@Tagged
public sealed interface TaskRecipe {

  /**
   * One class an image.
   *
   * @param labelSmoothing share of a label that is spread evenly over all classes; 0.1 in a row of
   *     the paper's table 1
   */
  record Classification(@Default("0.0") double labelSmoothing) implements TaskRecipe {

    /**
     * @throws RecipeException if the share is out of range
     */
    public Classification {
      new Rules("task")
          .must(
              "label_smoothing",
              labelSmoothing,
              "be at least 0 and below 1",
              share -> share >= 0 && share < 1)
          .check();
    }
  }

  /**
   * One class a pixel, by a feature pyramid and a head that all its levels share (tensorflow/tpu
   * {@code retinanet_segmentation_model.py}). Class 0 is the background.
   *
   * @param firstLevel the pyramid's finest level, on which the outputs of all levels are summed;
   *     level g + 1 is the end of group g of the trunk. 3 in the paper
   * @param lastLevel the pyramid's coarsest level, which must be the trunk's last; 5 in the paper
   * @param pyramidFilters channels of the pyramid's levels; 256 in the paper
   * @param headFilters channels of the head's convolutions; 256 in the paper
   * @param headConvolutions the head's 3x3 convolutions that batch normalisation and ReLU follow,
   *     before the one whose outputs are summed; 3 in the paper
   * @param padding what lies beside a training image that does not fill its square; in evaluation
   *     it is void
   */
  record Segmentation(
      int firstLevel,
      int lastLevel,
      int pyramidFilters,
      int headFilters,
      int headConvolutions,
      Padding padding)
      implements TaskRecipe {

    /** What pixels beside an image are. */
    public enum Padding {
      /** Class 0, as in the paper's code. */
      BACKGROUND,
      /** Nothing: they do not count. */
      VOID
    }

    /**
     * @throws RecipeException with everything that is out of range
     */
    public Segmentation {
      int first = firstLevel;
      new Rules("task")
          .must("first_level", firstLevel, "be at least 2", level -> level >= 2)
          .must("last_level", lastLevel, "be at least task.first_level", level -> level >= first)
          .must("pyramid_filters", pyramidFilters, "be positive", n -> n > 0)
          .must("head_filters", headFilters, "be positive", n -> n > 0)
          .must("head_convolutions", headConvolutions, "be at least 0", n -> n >= 0)
          .must("padding", padding, "be given", p -> true)
          .check();
    }
  }

  /**
   * Objects with boxes: RetinaNet (tensorflow/tpu {@code models/official/retinanet}).
   *
   * @param firstLevel the pyramid's finest level; level g + 1 is the end of group g of the trunk. 3
   *     in the paper
   * @param lastLevel the pyramid's coarsest level, the trunk's last or above it; each level halves
   *     the one before. 7 in the paper
   * @param pyramidFilters channels of the pyramid's levels; 256 in the paper
   * @param headFilters channels of both nets' convolutions; 256 in the paper
   * @param headConvolutions 3x3 convolutions of each net that batch normalisation and ReLU follow,
   *     before its last one; 4 in the paper
   * @param anchorScale side of the smallest square anchor of a level, in strides of that level; the
   *     default is the paper's code's. A level has anchors of 1, 1.26 and 1.59 times that, each as
   *     a square, lying and standing. Objects much smaller than the smallest anchor of all are not
   *     learned well
   * @param categoryIds 0 for an output for each class of the data set. Else the highest category id
   *     of the raw data set: the network has an output for every id from 1 on, each class that of
   *     its id, and refuses a data set without ids or with a higher one. 90 for COCO's own, so that
   *     the network is the paper's
   * @param scoreThreshold least score of a detection; the default is the paper's code's
   * @param maxDetections most detections of an image; the default is the paper's code's
   */
  record Detection(
      int firstLevel,
      int lastLevel,
      int pyramidFilters,
      int headFilters,
      int headConvolutions,
      @Default("4.0") double anchorScale,
      @Default("0") int categoryIds,
      @Default("0.0") double scoreThreshold,
      @Default("100") int maxDetections)
      implements TaskRecipe {

    private static final int MOST_LEVEL = 12;

    /**
     * @throws RecipeException with everything that is out of range
     */
    public Detection {
      int first = firstLevel;
      new Rules("task")
          .must("first_level", firstLevel, "be at least 2", level -> level >= 2)
          .must(
              "last_level",
              lastLevel,
              "be at least task.first_level and at most " + MOST_LEVEL,
              level -> level >= first && level <= MOST_LEVEL)
          .must("pyramid_filters", pyramidFilters, "be positive", n -> n > 0)
          .must("head_filters", headFilters, "be positive", n -> n > 0)
          .must("head_convolutions", headConvolutions, "be at least 0", n -> n >= 0)
          .must("anchor_scale", anchorScale, "be above 0 and at most 64", s -> s > 0 && s <= 64)
          .must("category_ids", categoryIds, "be positive, or 0 for none", n -> n >= 0)
          .must(
              "score_threshold",
              scoreThreshold,
              "be at least 0 and below 1",
              score -> score >= 0 && score < 1)
          .must("max_detections", maxDetections, "be positive", n -> n > 0)
          .check();
    }
  }
}
