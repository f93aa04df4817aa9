package io.dropblock.spark.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every link of a page, and every page that anything names, is there. */
class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]+)\\)");

  /** In prose, code, messages and settings: {@code docs/performance.md}. */
  private static final Pattern MENTION = Pattern.compile("(?<![\\w/.-])docs/[\\w./-]*\\w");

  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");

  /** The index, and what only says where a page went. */
  private static final Set<String> NOT_IN_THE_INDEX = Set.of("README.md", "dropblock-op.md");

  private final Map<Path, Set<String>> fragments = new HashMap<>();

  @Test
  void everyLinkOfAPageLeadsToAFileAndToAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : Repository.texts()) {
      if (!page.toString().endsWith(".md")) {
        continue;
      }
      Matcher link = LINK.matcher(FENCE.matcher(Repository.read(page)).replaceAll(""));
      while (link.find()) {
        String target = link.group(1);
        if (!target.matches("[a-z]+:.*") && !leads(page, target)) {
          broken.add(Repository.ROOT.relativize(page) + ": " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private boolean leads(Path page, String target) throws IOException {
    int hash = target.indexOf('#');
    String name = hash < 0 ? target : target.substring(0, hash);
    Path file = name.isEmpty() ? page : page.resolveSibling(name).normalize();
    return Files.exists(file) && (hash < 0 || fragments(file).contains(target.substring(hash + 1)));
  }

  /** The names that GitHub gives to headings. */
  private Set<String> fragments(Path page) throws IOException {
    if (!fragments.containsKey(page)) {
      Set<String> names = new TreeSet<>();
      Matcher heading = HEADING.matcher(FENCE.matcher(Repository.read(page)).replaceAll(""));
      while (heading.find()) {
        String name =
            heading
                .group(1)
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
        String free = name;
        for (int i = 1; !names.add(free); i++) {
          free = name + "-" + i;
        }
      }
      fragments.put(page, names);
    }
    return fragments.get(page);
  }

  @Test
  void everyPageThatAnythingNamesIsThere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path file : Repository.texts()) {
      Matcher mention = MENTION.matcher(Repository.read(file));
      while (mention.find()) {
        String name = mention.group();
        if (!Files.exists(Repository.ROOT.resolve(name))) {
          broken.add(Repository.ROOT.relativize(file) + ": " + name);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageIsInTheIndex() throws IOException {
    Path docs = Repository.ROOT.resolve("docs");
    String index = Repository.read(docs.resolve("README.md"));
    for (Path page : Repository.texts()) {
      if (page.startsWith(docs) && page.toString().endsWith(".md")) {
        String name = docs.relativize(page).toString();
        assertThat(NOT_IN_THE_INDEX.contains(name) || index.contains("](" + name + ")"))
            .as("a line for %s in docs/README.md", name)
            .isTrue();
      }
    }
  }
}
