package io.dropblock.spark.data.source.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.FileTree;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folders are splits, which are classes, and which are neither. */
class FolderLayoutTest {
  @ParameterizedTest
  @CsvSource({
    "train, val",
    "Train, Val",
    "TRAIN, VALID",
    "training, validation",
    "training_set, validation_set",
    "Train Set, dev",
    "trainset, Eval"
  })
  void takesTheUsualSpellingsForSplits(String train, String val) {
    ImageListing listing =
        list(
            "x/" + train + "/cat/1.jpg",
            "x/" + train + "/dog/2.jpg",
            "x/" + val + "/cat/3.jpg",
            "x/" + val + "/dog/4.jpg");
    assertThat(listing.classes()).containsExactly("cat", "dog");
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .containsExactly(train + "/cat/1.jpg", train + "/dog/2.jpg");
    assertThat(listing.val())
        .extracting(ImageFile::name)
        .containsExactly(val + "/cat/3.jpg", val + "/dog/4.jpg");
    assertThat(listing.notes()).isEmpty();
  }

  @Test
  void looksIntoASplitWithinItself() {
    ImageListing listing =
        list(
            "training_set/training_set/cat/1.jpg",
            "training_set/training_set/dog/2.jpg",
            "valid/Val/cat/3.jpg",
            "valid/Val/dog/4.jpg");
    assertThat(listing.classes()).containsExactly("cat", "dog");
    assertThat(listing.val()).hasSize(2);
  }

  @Test
  void tellsThatTheTestSplitIsNotUsed() {
    ImageListing listing =
        list(
            "train/cat/1.jpg",
            "train/dog/2.jpg",
            "val/cat/3.jpg",
            "val/dog/3.jpg",
            "Test/4.jpg",
            "Test/5.png");
    assertThat(listing.notes())
        .containsExactly(
            "Not used: Test/, neither to train on nor to validate on",
            "Passed over 2 files: 1 JPEG image outside of the class folders (Test/4.jpg);"
                + " 1 PNG image outside of the class folders (Test/5.png)");
    refuses(
        "it has train/ and test/, but no val/: rename test/ to val/ to validate on it, or name"
            + " train/ itself to hold out a share of it",
        "train/cat/1.jpg",
        "train/dog/2.jpg",
        "test/cat/3.jpg",
        "test/dog/4.jpg");
    refuses("it has val/, test/, but no train/", "val/a/1.jpg", "val/b/1.jpg", "test/a/1.jpg");
  }

  @Test
  void refusesSplitsWithoutClassFolders() {
    refuses(
        "train/ has 2 files and no class folders: put the images of each class into"
            + " train/<class>/",
        "train/1.jpg",
        "train/2.jpg",
        "val/3.jpg");
    refuses(
        "Valid/ has 1 file and no class folders: put the images of each class into"
            + " Valid/<class>/",
        "train/cat/1.jpg",
        "train/dog/2.jpg",
        "Valid/3.jpg");
    refuses(
        "train/ has 2 files and no class folders: that looks like COCO as Roboflow exports it",
        "train/_annotations.coco.json",
        "train/1.jpg",
        "valid/_annotations.coco.json",
        "valid/2.jpg",
        "test/_annotations.coco.json",
        "test/3.jpg");
  }

  @Test
  void refusesImagesWithoutFolders() {
    refuses(
        "no class folders, but files such as 1.jpg: put the images of each class into a folder of"
            + " its own",
        "1.jpg",
        "2.jpg");
  }

  @Test
  void refusesFoldersThatLookLikeSplits() {
    for (String[] names :
        new String[][] {
          {"seg_pred", "seg_test", "seg_train"},
          {"test_images", "train_images"},
          {"testA", "testB", "trainA", "trainB"},
          {"train", "val2017"}
        }) {
      String[] files = new String[names.length];
      for (int i = 0; i < names.length; i++) {
        files[i] = names[i] + "/1.jpg";
      }
      refuses(
          "the folders "
              + String.join("/, ", names)
              + "/ look like splits: rename those to use to train/ and val/, or name one of them",
          files);
    }
    refuses(
        "Train/ and train/ look like the same split: merge them, or take one away",
        "train/a/1.jpg",
        "Train/b/1.jpg");
  }

  @Test
  void takesAFolderNamedTrainAmongOthersForAClass() {
    assertThat(list("bus/1.jpg", "car/1.jpg", "train/1.jpg").classes())
        .containsExactly("bus", "car", "train");
    assertThat(list("bullet train/1.jpg", "steam train/1.jpg").classes()).hasSize(2);
    assertThat(list("cat/1.jpg", "dog/1.jpg", "test_tube/1.jpg", "dev_board/1.jpg").classes())
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "images/1.jpg annotations/trimaps/1.png",
        "images/train/1.jpg labels/train/1.txt",
        "JPEGImages/1.jpg Annotations/1.xml ImageSets/a/b.txt",
        "train/images/1.jpg train/labels/1.txt valid/images/2.jpg valid/labels/2.txt",
        "train/cat/1.jpg train/dog/1.jpg val/images/1.jpg",
        "images/1.jpg masks/1.png more/1.jpg",
        "IMG/1.jpg GT/1.png"
      })
  void refusesPartsOfOtherLayouts(String files) {
    assertThatThrownBy(() -> list(files.split(" ")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot list images in here: ")
        .hasMessageContainingAll("looks like", "put the images");
  }

  @Test
  void tellsWhichLayoutItLooksLike() {
    refuses(
        "it has the folders annotations/, images/: that looks like images with files of"
            + " annotations: --format coco reads COCO's; for classes put the images into a folder"
            + " each",
        "images/1.jpg",
        "annotations/xmls/1.xml");
    refuses(
        "train/ has the folders images/, labels/: that looks like YOLO's layout",
        "train/images/1.jpg",
        "train/labels/1.txt");
    assertThat(list("masks/1.jpg", "masks/2.jpg", "no/1.jpg", "no/2.jpg").notes())
        .containsExactly(
            "A class by its folder, though named like a part of another layout: masks");
  }

  @Test
  void refusesSplitsWithinClasses() {
    refuses(
        "class folder cat has the folders train/, val/: move them up, to train/cat and val/cat",
        "cat/train/1.jpg",
        "cat/val/2.jpg",
        "dog/train/1.jpg",
        "dog/val/2.jpg");
  }

  @Test
  void namesClassesThatAreNotValidatedOn() {
    assertThat(
            list("train/cat/1.jpg", "train/dog/1.jpg", "train/newt/1.jpg", "val/cat/2.jpg").notes())
        .containsExactly("Trained on and not validated on: 2 classes (dog, newt)");
    assertThat(list("cat/1.jpg", "dog/1.jpg", "dog/2.jpg").notes())
        .containsExactly("Trained on and not validated on: 1 class (cat)");
    refuses(
        "class Cat is in val/, but train/ has it as cat",
        "train/cat/1.jpg",
        "train/dog/1.jpg",
        "val/Cat/1.jpg");
  }

  @Test
  void matchesClassesOfBothUnicodeForms() {
    String composed = "\u00e9t\u00e9";
    String decomposed = "e\u0301te\u0301";
    ImageListing listing =
        list("train/" + decomposed + "/1.jpg", "train/dog/1.jpg", "val/" + composed + "/2.jpg");
    assertThat(listing.classes()).containsExactly("dog", decomposed);
    assertThat(listing.val()).extracting(ImageFile::label).containsExactly(1);
    assertThat(listing.notes())
        .startsWith(
            "Taken for one class, as only the Unicode form of the names differs: " + composed);
    refuses(
        "two class folders are named "
            + composed
            + ", and differ in the Unicode form of their names only: merge them",
        composed + "/1.jpg",
        decomposed + "/1.jpg");
  }

  @Test
  void tellsOfNamesThatDifferInCaseOnly() {
    ImageListing listing = list("A/1.jpg", "A/2.jpg", "a/1.jpg", "a/2.jpg");
    assertThat(listing.classes()).containsExactly("A", "a");
    assertThat(listing.notes())
        .containsExactly("Two classes, whose names differ in case only: A and a");
  }

  @Test
  void tellsWhatAClassFolderWithoutImagesHolds() {
    refuses(
        "class folder dog has no images, but 2 files: 1 WebP image (dog/1.webp), which this program"
            + " does not read: convert to JPEG or PNG; 1 .txt file (dog/a.txt)",
        "cat/1.jpg",
        "dog/1.webp",
        "dog/a.txt");
  }

  @Test
  void namesWhatCannotBeReadWhereSomethingIsMissed() {
    FileTree tree = tree("b/1.jpg", "b/2.jpg");
    tree.leaveOut("\u00e9t\u00e9", "this process cannot open it");
    assertThatThrownBy(() -> listing(tree, HoldOut.DEFAULT))
        .hasMessage(
            "Cannot list images in here: fewer than 2 classes, only b; \u00e9t\u00e9 cannot be"
                + " read, this process cannot open it");
    FileTree link = tree("train/a/1.jpg", "train/b/1.jpg", "val/a/1.jpg", "val/c/1.jpg");
    link.leaveOut("train/c", "it is a symbolic link to /x, which is not there");
    assertThatThrownBy(() -> listing(link, HoldOut.DEFAULT))
        .hasMessage(
            "Cannot list images in here: class c is in val/, but not in train/; train/c cannot be"
                + " read, it is a symbolic link to /x, which is not there");
  }

  @Test
  void refusesNumberedPartsWithTheSameClasses() {
    refuses(
        "the folders fold1/, fold2/ look like parts of one data set",
        "fold1/cat/1.jpg",
        "fold1/dog/1.jpg",
        "fold2/cat/2.jpg",
        "fold2/dog/2.jpg");
    // Parts of a machine, from two cameras, or none.
    assertThat(list("part1/1.jpg", "part1/2.jpg", "part2/1.jpg", "part2/2.jpg").classes())
        .containsExactly("part1", "part2");
  }

  @Test
  void tellsOfFoldersThatAllHaveTheSameClasses() {
    refuses(
        "the folders rps/, rps-test-set/ look like splits",
        "rps/paper/1.png",
        "rps/rock/1.png",
        "rps-test-set/paper/2.png",
        "rps-test-set/rock/2.png");
    ImageListing listing =
        list("photo/a/1.jpg", "photo/b/1.jpg", "sketch/a/1.jpg", "sketch/b/1.jpg");
    assertThat(listing.classes()).containsExactly("photo", "sketch");
    assertThat(listing.notes())
        .containsExactly(
            "In folders within class folders: 4 images; photo/a/1.jpg is one of photo; all of them"
                + " have the same folders, such as a: where those are the classes, name one class"
                + " folder, or put them together");
  }

  @Test
  void namesTheFolderOfImagesWhoseFoldersMayBeTheClasses() {
    assertThatThrownBy(
            () -> list("dtd/images/dotted/1.jpg", "dtd/images/lined/1.jpg", "dtd/labels/train.txt"))
        .hasMessageEndingWith("; where the folders in dtd/images/ are the classes, name it");
    assertThatThrownBy(() -> list("images/train/1.jpg", "images/val/1.jpg", "labels/train/1.txt"))
        .hasMessageEndingWith("for classes put the images into a folder each");
  }

  @Test
  void tellsWhatOtherDownloadsLookLike() {
    refuses(
        "ILSVRC/ has the folders Annotations/, ImageSets/: that looks like ImageNet as Kaggle has"
            + " it: name the folder Data/CLS-LOC/train,",
        "ILSVRC/Annotations/CLS-LOC/val/1.xml",
        "ILSVRC/Data/CLS-LOC/train/n01440764/1.JPEG",
        "ILSVRC/Data/CLS-LOC/val/1.JPEG",
        "ILSVRC/ImageSets/CLS-LOC/train_cls.txt");
    refuses(
        "it has the folders annotations/, train2017/, val2017/: that looks like images with files"
            + " of annotations",
        "annotations/person_keypoints_train2017.json",
        "train2017/1.jpg",
        "val2017/1.jpg");
    refuses(
        "no class folders, but a file of annotations: that looks like one split of COCO as Roboflow"
            + " exports it; name the folder above it",
        "_annotations.coco.json",
        "1.jpg");
  }

  @Test
  void tellsThatAShareIsNotHeldOut() {
    FileTree tree = tree("train/a/1.jpg", "train/b/1.jpg", "val/a/2.jpg", "val/b/2.jpg");
    assertThat(listing(tree, new HoldOut(0.5, 1)).notes())
        .containsExactly("Not used: the share to hold out, as val/ is validated on");
  }

  private static void refuses(String reason, String... files) {
    assertThatThrownBy(() -> list(files))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot list images in here: " + reason);
  }

  private static ImageListing list(String... files) {
    return listing(tree(files), HoldOut.DEFAULT);
  }

  private static FileTree tree(String... files) {
    FileTree tree = new FileTree("here");
    for (String file : List.of(files)) {
      tree.addFile(file, "file:/here/" + file, 0, 1);
    }
    return tree;
  }

  private static ImageListing listing(FileTree tree, HoldOut holdOut) {
    return new FolderLayout("here", tree, holdOut, FileTree.Entry::isImage).listing();
  }
}
