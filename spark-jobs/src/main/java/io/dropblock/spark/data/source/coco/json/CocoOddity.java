package io.dropblock.spark.data.source.coco.json;

/** What COCO's documents do not have and can still be read in one way only. */
public enum CocoOddity {
  NO_NUMBER(
      "without a number of their own as id, so that all are numbered by their order in the file"),
  TEXT_NUMBER("with numbers written as texts"),
  NO_CROWD("without iscrowd, taken for single objects"),
  NO_AREA("without area, measured by their mask or else by their box"),
  NO_BOX("without bbox, put into the box around their polygons"),
  POLYGON_FORM("with polygons nested in another way than in lists of x0, y0, x1, y1, ..."),
  FEW_CORNERS("with polygons of fewer than 3 corners, which are dropped"),
  FAR_BOX(
      "with a box that ends more than a pixel beyond the image, cut to it; COCO's are x, y, width, height"),
  NO_SIZE("without width or height, measured in their files"),
  BACKSLASH("with backslashes in file_name"),
  UNICODE_FORM("with a file_name in another Unicode form than that of the file"),
  OTHER_FOLDER("with a file_name of other folders, found by its last parts");

  private final String text;

  CocoOddity(String text) {
    this.text = text;
  }

  /** Follows the word for the entries. */
  public String text() {
    return text;
  }
}
