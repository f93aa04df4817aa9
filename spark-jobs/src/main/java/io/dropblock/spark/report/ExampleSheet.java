package io.dropblock.spark.report;

import io.dropblock.spark.evaluate.example.Example;
import io.dropblock.spark.objective.picture.Hue;
import io.dropblock.spark.objective.picture.Mark;
import io.dropblock.spark.objective.picture.Panel;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Examples of an evaluation in rows, section by section: what is to be seen of each side by side,
 * its caption below, and where that is known a bar that is green where it is right, else red. Below
 * all the colours that have a meaning.
 *
 * @param sections one or more
 * @param side longest side of each panel, pixels
 */
public record ExampleSheet(List<Section> sections, int side) {
  private static final int GAP = 8;
  private static final int LINE = 16;
  private static final int BAR = 4;
  private static final int HEIGHT_OF_TITLE = 28;
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color RIGHT = new Color(0x2E7D32);
  private static final Color WRONG = new Color(0xC62828);
  private static final Color FRAME = new Color(0xBBBBBB);
  private static final Color PALE = new Color(0x555555);

  /**
   * Some examples under a title.
   *
   * @param title in one line
   * @param examples in the order in which they are shown; may be none
   * @param judged whether it is known which of them are right
   */
  public record Section(String title, List<Example> examples, boolean judged) {
    /** Copies the list. */
    public Section {
      examples = List.copyOf(examples);
    }

    /** Some of which it is known whether they are right. */
    public Section(String title, List<Example> examples) {
      this(title, examples, true);
    }
  }

  /** Copies the list. */
  public ExampleSheet {
    sections = List.copyOf(sections);
  }

  /**
   * Draws it; the same examples give the same pixels with the same Java and fonts.
   *
   * @throws io.dropblock.spark.data.DataException where there is no font
   */
  public BufferedImage draw() {
    return PictureGrid.withFonts("the images of the evaluation", this::drawAll);
  }

  /** The sheet as a PNG. */
  public byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PictureGrid.write(draw(), bytes);
    return bytes.toByteArray();
  }

  private BufferedImage drawAll() {
    List<Hue> legend = legend();
    int width = 2 * GAP + columns() * cellWidth();
    int entries = Math.max(1, (width - GAP) / (side + GAP));
    int height = (legend.size() + entries - 1) / entries * (LINE + 4) + GAP;
    for (Section section : sections) {
      height += HEIGHT_OF_TITLE + (hasHeads() ? LINE : 0) + rows(section) * cellHeight();
    }
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    int top = 0;
    for (Section section : sections) {
      top = draw(graphics, section, top);
    }
    for (int i = 0; i < legend.size(); i++) {
      draw(
          graphics,
          legend.get(i),
          2 * GAP + i % entries * (side + GAP),
          top + i / entries * (LINE + 4));
    }
    graphics.dispose();
    return sheet;
  }

  /** Where the next section begins. */
  private int draw(Graphics2D graphics, Section section, int top) {
    graphics.setFont(TITLE);
    graphics.setColor(Color.BLACK);
    graphics.drawString(section.title(), 2 * GAP, top + 19);
    int below = top + HEIGHT_OF_TITLE;
    graphics.setFont(TEXT);
    if (hasHeads() && !section.examples().isEmpty()) {
      for (int i = 0; i < Math.min(columns(), section.examples().size()); i++) {
        heads(graphics, section.examples().get(i), left(i), below + 11);
      }
    }
    below += hasHeads() ? LINE : 0;
    for (int i = 0; i < section.examples().size(); i++) {
      int at = below + i / columns() * cellHeight();
      Example example = section.examples().get(i);
      draw(graphics, example, left(i), at);
      if (section.judged()) {
        graphics.setColor(example.right() ? RIGHT : WRONG);
        graphics.fillRect(left(i), at + side + 2, cellWidth() - 2 * GAP, BAR);
      }
    }
    return below + rows(section) * cellHeight();
  }

  private void heads(Graphics2D graphics, Example example, int left, int line) {
    graphics.setColor(PALE);
    List<Panel> panels = example.exhibit().panels();
    for (int i = 0; i < panels.size(); i++) {
      String head = fitting(graphics, panels.get(i).head(), side);
      graphics.drawString(head, left + i * (side + GAP), line);
    }
  }

  private void draw(Graphics2D graphics, Example example, int left, int top) {
    List<Panel> panels = example.exhibit().panels();
    for (int i = 0; i < panels.size(); i++) {
      BufferedImage picture = picture(panels.get(i));
      int x = left + i * (side + GAP) + (side - picture.getWidth()) / 2;
      int y = top + (side - picture.getHeight()) / 2;
      graphics.drawImage(picture, x, y, null);
      graphics.setColor(FRAME);
      graphics.drawRect(x - 1, y - 1, picture.getWidth() + 1, picture.getHeight() + 1);
    }
    int width = cellWidth() - 2 * GAP;
    int line = top + side + 2 + BAR;
    graphics.setColor(Color.BLACK);
    for (String text : example.exhibit().caption()) {
      line += LINE;
      graphics.drawString(fitting(graphics, text, width), left, line - 3);
    }
    graphics.setColor(PALE);
    graphics.drawString(fitting(graphics, example.name(), width), left, line + LINE - 3);
  }

  private BufferedImage picture(Panel panel) {
    PictureGrid grid = new PictureGrid(List.of(), side);
    BufferedImage fitted = grid.fitted(PictureGrid.pixels(panel.tile().image()), panel.smooth());
    BoxPainter painter = new BoxPainter(fitted, fitted.getWidth(), fitted.getHeight());
    for (Mark mark : panel.marks()) {
      float[] sides = {mark.top(), mark.left(), mark.bottom(), mark.right()};
      painter.add(sides, 0, mark.label(), mark.text());
    }
    return painter.picture();
  }

  private void draw(Graphics2D graphics, Hue hue, int left, int top) {
    graphics.setColor(new Color(hue.rgb()));
    graphics.fillRect(left, top, 12, 12);
    graphics.setColor(Color.BLACK);
    graphics.drawRect(left, top, 12, 12);
    graphics.drawString(fitting(graphics, hue.name(), side - LINE - 2), left + LINE + 2, top + 11);
  }

  private static String fitting(Graphics2D graphics, String text, int width) {
    return PictureGrid.shortened(text, graphics.getFontMetrics(), width);
  }

  private List<Hue> legend() {
    return examples().stream()
        .flatMap(it -> it.exhibit().legend().stream())
        .distinct()
        .sorted(Comparator.comparingInt(Hue::label))
        .toList();
  }

  private List<Example> examples() {
    List<Example> all = new ArrayList<>();
    sections.forEach(section -> all.addAll(section.examples()));
    return all;
  }

  /** Examples of a row: as many as fit a page. */
  private int columns() {
    return panels() == 1 ? 4 : 2;
  }

  private int panels() {
    return examples().stream().mapToInt(it -> it.exhibit().panels().size()).max().orElse(1);
  }

  private boolean hasHeads() {
    return examples().stream()
        .flatMap(it -> it.exhibit().panels().stream())
        .anyMatch(panel -> !panel.head().isEmpty());
  }

  private int rows(Section section) {
    return (section.examples().size() + columns() - 1) / columns();
  }

  private int left(int example) {
    return 2 * GAP + example % columns() * cellWidth();
  }

  private int cellWidth() {
    return panels() * (side + GAP) + GAP;
  }

  private int cellHeight() {
    int lines = examples().stream().mapToInt(it -> it.exhibit().caption().size()).max().orElse(0);
    return side + 2 + BAR + (lines + 1) * LINE + GAP;
  }
}
