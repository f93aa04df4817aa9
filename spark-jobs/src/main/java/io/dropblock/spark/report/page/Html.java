package io.dropblock.spark.report.page;

import io.dropblock.spark.chart.Markup;
import java.util.List;

/** A page as it is written. Texts are escaped. */
final class Html {
  private final StringBuilder html = new StringBuilder();

  /** Adds markup as it is. */
  Html raw(String markup) {
    html.append(markup);
    return this;
  }

  /** An element that holds a text. */
  Html element(String name, String text) {
    return raw("<" + name + ">").raw(Markup.escaped(text)).raw("</" + name + ">\n");
  }

  /** A table of texts. */
  Html table(List<String> heads, List<List<String>> rows) {
    raw("<div class=\"wide\"><table><tr>");
    heads.forEach(head -> element("th", head));
    raw("</tr>\n");
    for (List<String> row : rows) {
      raw("<tr>");
      row.forEach(cell -> element("td", cell));
      raw("</tr>\n");
    }
    return raw("</table></div>\n");
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
