package io.dropblock.spark.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.report.page.LogLinks;
import io.dropblock.spark.report.page.ReportPage;
import io.dropblock.spark.report.page.ReportedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.servlet.http.HttpServletRequest;
import org.apache.spark.status.AppStatusStore;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.ui.UIUtils;
import org.apache.spark.ui.WebUIPage;
import org.apache.spark.util.kvstore.KVStore;
import org.json4s.JsonAST.JValue;
import org.json4s.jackson.JsonMethods$;
import scala.Function0;
import scala.collection.JavaConverters;
import scala.collection.Seq;
import scala.xml.Node;
import scala.xml.Unparsed;

/**
 * The page, drawn here; it loads nothing from elsewhere, and renews itself while the run goes on.
 */
final class TrainingPage extends WebUIPage {
  private static final int SECONDS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Takes the new content from this very page; leaves all as it is where the driver is gone. */
  private static final String RENEWAL =
      """
      <script>
      setInterval(function () {
        if (document.querySelector('#training details[open]')) { return; }
        fetch(location.href).then(function (page) { return page.text(); }).then(function (text) {
          var now = new DOMParser().parseFromString(text, 'text/html').getElementById('training');
          if (now) { document.getElementById('training').replaceWith(now); }
        }).catch(function () { });
      }, MILLIS);
      </script>
      """
          .replace("MILLIS", String.valueOf(TimeUnit.SECONDS.toMillis(SECONDS)));

  private final SparkUITab tab;
  private final AppStatusStore statuses;
  private final KVStore store;

  /**
   * @param statuses what Spark knows of the application
   */
  TrainingPage(SparkUITab tab, AppStatusStore statuses) {
    super("");
    this.tab = tab;
    this.statuses = statuses;
    this.store = statuses.store();
  }

  @Override
  public Seq<Node> render(HttpServletRequest request) {
    String content = "<div id=\"training\">\n" + content() + "</div>\n" + RENEWAL;
    Function0<Seq<Node>> nodes = () -> nodes(content);
    return UIUtils.headerSparkPage(
        request, "Training", nodes, tab, UIUtils.headerSparkPage$default$5(), false, false);
  }

  private String content() {
    try {
      List<ReportedRun> runs = TrainingStory.runs(store);
      return runs.isEmpty()
          ? "<p>No training yet: it begins when its ranks have their task slots.</p>\n"
          : ReportPage.body(runs, logs());
    } catch (Exception e) {
      throw new IllegalStateException("Cannot show the training", e);
    }
  }

  private LogLinks logs() {
    Map<String, Map<String, String>> links = new HashMap<>();
    for (ExecutorSummary executor : JavaConverters.seqAsJavaList(statuses.executorList(false))) {
      links.put(executor.id(), JavaConverters.mapAsJavaMap(executor.executorLogs()));
    }
    return new LogLinks(links);
  }

  /** The lines of {@code events.jsonl} that the page shows, each with its run. */
  @Override
  public JValue renderJson(HttpServletRequest request) {
    try {
      List<String> lines = new ArrayList<>();
      for (Map.Entry<String, List<String>> run : TrainingStory.lines(store).entrySet()) {
        String begin = "{\"run\":" + JSON.writeValueAsString(run.getKey()) + ",";
        run.getValue().stream()
            .filter(line -> line.startsWith("{"))
            .forEach(line -> lines.add(begin + line.substring(1)));
      }
      return JsonMethods$.MODULE$.parse(
          org.json4s.package$.MODULE$.string2JsonInput("[" + String.join(",", lines) + "]"),
          JsonMethods$.MODULE$.parse$default$2(),
          JsonMethods$.MODULE$.parse$default$3());
    } catch (Exception e) {
      throw new IllegalStateException("Cannot show the training", e);
    }
  }

  private static Seq<Node> nodes(String html) {
    return JavaConverters.asScalaBuffer(List.<Node>of(new Unparsed(html)));
  }
}
