package io.dropblock.spark.report.page;

import io.dropblock.metric.Scores.Score;
import io.dropblock.spark.chart.Markup;
import io.dropblock.spark.report.evaluated.EmbeddedPicture;
import io.dropblock.spark.report.evaluated.Evaluated;
import io.dropblock.spark.report.evaluated.NamedConfusion;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What the last evaluation of a run found: pictures of examples, which class was taken for which,
 * and the scores of the classes. Every text is escaped.
 */
final class EvaluatedSection {
  private static final String STYLE =
      """
      <style>
      .training .sheet{max-width:100%;height:auto;border:1px solid #ddd;display:block;margin:.5rem 0}
      .training .confusion td,.training .confusion th{text-align:right;padding:.1rem .3rem;\
      font-size:.8rem}
      .training .confusion th.class{writing-mode:vertical-rl;transform:rotate(180deg);\
      text-align:left;vertical-align:bottom}
      .training .number{text-align:right}
      </style>
      """;

  /** Of more classes the lowest are shown. */
  private static final int MANY = 100;

  private static final int LOWEST = 20;

  private final StringBuilder html = new StringBuilder();

  private EvaluatedSection() {}

  /**
   * Its elements; nothing for none.
   *
   * @param of whose evaluation it is, behind the heading; empty where that is clear
   * @param evaluated may be null
   */
  static String of(String of, Evaluated evaluated) {
    if (evaluated == null) {
      return "";
    }
    EvaluatedSection section = new EvaluatedSection();
    section.html.append(STYLE);
    section.element("h2", "Images of the evaluation after epoch " + evaluated.epochs() + of);
    evaluated.pictures().forEach(section::picture);
    evaluated.confusion().ifPresent(section::confusion);
    section.byClass(evaluated.byClass());
    return section.html.toString();
  }

  private void picture(EmbeddedPicture picture) {
    html.append("<img class=\"sheet\" alt=\"").append(Markup.escaped(picture.alt()));
    html.append("\" src=\"data:").append(Markup.escaped(picture.type())).append(";base64,");
    html.append(Markup.escaped(picture.base64())).append("\">\n");
  }

  private void confusion(NamedConfusion confusion) {
    if (confusion.classes().isEmpty()) {
      pairs(confusion);
    } else {
      matrix(confusion);
    }
  }

  private void matrix(NamedConfusion confusion) {
    element("h3", "Which class was taken for which, in " + confusion.unit());
    html.append("<div class=\"wide\"><table class=\"confusion\"><tr><th>true \\ predicted</th>");
    for (String name : confusion.classes()) {
      html.append("<th class=\"class\" scope=\"col\">").append(Markup.escaped(name));
      html.append("</th>");
    }
    html.append("</tr>\n");
    for (int truth = 0; truth < confusion.classes().size(); truth++) {
      row(confusion.classes().get(truth), confusion.counts().get(truth), truth);
    }
    html.append("</table></div>\n");
  }

  /** Darker where more of a class's examples are; what is right is green, the rest red. */
  private void row(String name, List<Long> counts, int truth) {
    long all = counts.stream().mapToLong(Long::longValue).sum();
    html.append("<tr><th scope=\"row\">").append(Markup.escaped(name)).append("</th>");
    for (int said = 0; said < counts.size(); said++) {
      long count = counts.get(said);
      double share = all == 0 ? 0 : (double) count / all;
      html.append("<td");
      if (count > 0) {
        html.append(
            String.format(
                Locale.ROOT,
                " style=\"background:rgba(%s,%.2f)\"",
                said == truth ? "46,125,50" : "198,40,40",
                .08 + .72 * share));
      }
      html.append('>').append(count == 0 ? "\u00B7" : count).append("</td>");
    }
    html.append("</tr>\n");
  }

  private void pairs(NamedConfusion confusion) {
    element("h3", "Classes that were most often confused, in " + confusion.unit());
    html.append("<div class=\"wide\"><table><tr>");
    List.of("true", "predicted", confusion.unit()).forEach(head -> element("th", head));
    html.append("</tr>\n");
    for (NamedConfusion.Pair pair : confusion.confused()) {
      html.append("<tr>");
      element("td", pair.truth());
      element("td", pair.said());
      number(String.valueOf(pair.count()));
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void byClass(List<Score> scores) {
    if (scores.isEmpty()) {
      return;
    }
    boolean many = scores.size() > MANY;
    List<Score> shown =
        !many
            ? scores
            : scores.stream()
                .filter(it -> !Double.isNaN(it.value()))
                .sorted(Comparator.comparingDouble(Score::value))
                .limit(LOWEST)
                .toList();
    element(
        "h3",
        many
            ? String.format(
                Locale.ROOT, "The lowest %d scores of %,d classes", LOWEST, scores.size())
            : "Scores of the classes");
    html.append("<div class=\"wide\"><table>\n");
    for (Score score : shown) {
      html.append("<tr>");
      element("td", score.name());
      number(Double.isNaN(score.value()) ? "-" : score.valueText());
      html.append("</tr>\n");
    }
    html.append("</table></div>\n");
  }

  private void number(String text) {
    html.append("<td class=\"number\">").append(Markup.escaped(text)).append("</td>");
  }

  private void element(String name, String text) {
    html.append('<').append(name).append('>').append(Markup.escaped(text));
    html.append("</").append(name).append(">\n");
  }
}
