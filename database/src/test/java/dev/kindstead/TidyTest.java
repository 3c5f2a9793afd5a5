package dev.kindstead;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** House rules that a line of text shows. Each message names what to use instead. */
final class TidyTest {
  private static final int FILE_LINES_MAX = 800;

  /** Rooms and adapters that touch the real world; everybody else gets it as an argument. */
  private static final Pattern EDGES =
      Pattern.compile(
          ".*/dev/kindstead/(environment|server|protocol|cli|benchmarks|acceptance|faults)/.*"
              + "|.*/storage/Rocks\\w*\\.java|.*/replication/Raft\\w*\\.java"
              + "|.*/simulation/(Strands|Volume)\\.java");

  private static final Pattern NO_EXCEPTIONS = Pattern.compile("(?!)");

  /** A banned piece of code, where it is allowed all the same, and its replacement. */
  private record Ban(String code, Pattern allowedIn, String instead) {}

  private static final List<Ban> PRODUCT_BANS =
      List.of(
          new Ban("System\\.(currentTimeMillis|nanoTime)\\b", EDGES, "environment.Clock"),
          new Ban(
              "\\b(Instant|LocalDateTime|Clock)\\.(now|system\\w*)\\(", EDGES, "environment.Clock"),
          new Ban("\\bThread\\.sleep\\b", EDGES, "environment.Timers"),
          new Ban(
              "\\bnew Thread\\b|\\bThread\\.of(Platform|Virtual)\\b",
              EDGES,
              "an Executor passed in"),
          new Ban("\\bExecutors\\.|\\bForkJoinPool\\.common", EDGES, "an Executor passed in"),
          new Ban(
              "(?<!Clock)\\bnew (ScheduledThreadPool|ThreadPool)Executor\\b",
              EDGES,
              "an Executor passed in"),
          new Ban(
              "\\.(supply|run|then\\w+|when\\w+|handle)Async\\([^,]*\\)(?=\\s*[;.])",
              EDGES,
              "the variant with an Executor"),
          new Ban("\\bUUID\\.randomUUID\\b", EDGES, "a RandomGenerator passed in"),
          new Ban(
              "\\bMath\\.random\\b|\\bnew (Secure)?Random\\(|\\bThreadLocalRandom\\b",
              EDGES,
              "a RandomGenerator passed in"),
          new Ban(
              "\\bSystem\\.(out|err)\\b",
              Pattern.compile(
                  ".*/(cli|simulation|benchmarks|acceptance|faults)/.*|.*/server/Main\\.java"),
              "slf4j's Logger"),
          new Ban("\\.printStackTrace\\(\\)", NO_EXCEPTIONS, "slf4j's Logger"),
          new Ban(
              "\\bSystem\\.exit\\b",
              Pattern.compile(".*/server/Main\\.java|.*/(cli|simulation|benchmarks|faults)/.*"),
              "an exception, or a command's exit code"),
          new Ban(
              "\\bSystem\\.getenv\\b",
              Pattern.compile(".*/(cli|benchmarks|acceptance|faults)/.*|.*/server/Main\\.java"),
              "a configuration record"));

  private static final List<Ban> BANS_EVERYWHERE =
      List.of(
          new Ban("import (static )?[\\w.]+\\.\\*;", NO_EXCEPTIONS, "single imports"),
          new Ban("import (static )?lombok\\b", NO_EXCEPTIONS, "records"),
          new Ban(
              "\\b(class|record|interface|enum) \\w+(Impl|Manager|Helper|Utils?|Base|Data|Info)\\b",
              NO_EXCEPTIONS,
              "a noun of the glossary, or the verb it does"),
          new Ban(
              "\\bjavax\\.annotation\\.Nullable\\b",
              NO_EXCEPTIONS,
              "org.jspecify.annotations.Nullable"));

  @Test
  void productAsksForTimeChanceAndThreadsAsArguments() {
    assertThat(violations(PRODUCT_BANS, main())).isEmpty();
  }

  @Test
  void codeKeepsToTheHouseRules() {
    assertThat(violations(BANS_EVERYWHERE, Sources.files(".java"))).isEmpty();
  }

  @Test
  void nothingIsLeftToDo() {
    Pattern unfinished = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
    List<Path> files = Sources.files(".java", ".md", ".xml", ".sh", ".js", ".py", ".go", ".yaml");
    assertThat(matches(unfinished, files, "finish it, or write an issue")).isEmpty();
  }

  @Test
  void noFileNamesOneParticularMachine() {
    Pattern path = Pattern.compile("(?<![\\w.~}*)>-])/(work|root|home|Users)/\\w");
    List<Path> files =
        Sources.files(".java", ".md", ".xml", ".sh", ".js", ".json", ".py", ".go", ".yaml", "/run");
    assertThat(matches(path, files, "a relative path, or a directory found at run time")).isEmpty();
  }

  @Test
  void filesAreShort() {
    List<String> long_ = new ArrayList<>();
    for (Path file : Sources.files(".java")) {
      String text = Sources.text(file);
      long lines = text.lines().count();
      if (lines > FILE_LINES_MAX && !text.contains("Kept whole:")) {
        long_.add(
            "%s has %d lines: split it, or say at its top why it is \"Kept whole:\""
                .formatted(Sources.name(file), lines));
      }
    }
    assertThat(long_).isEmpty();
  }

  @Test
  void everyRoomHasItsPage() {
    List<Path> missing =
        main().stream()
            .map(Path::getParent)
            .distinct()
            .filter(directory -> !isNullMarked(directory.resolve("package-info.java")))
            .toList();
    assertThat(missing).as("directories without a @NullMarked package-info.java").isEmpty();
  }

  private static boolean isNullMarked(Path page) {
    return Files.exists(page) && Sources.text(page).contains("@NullMarked");
  }

  private static List<Path> main() {
    return Sources.files(".java").stream()
        .filter(file -> Sources.name(file).contains("src/main/java/dev/kindstead/"))
        .toList();
  }

  private static List<String> violations(List<Ban> bans, List<Path> files) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      String code = Sources.code(Sources.text(file));
      for (Ban ban : bans) {
        if (!ban.allowedIn.matcher("/" + Sources.name(file)).matches()) {
          find(Pattern.compile(ban.code), file, code, ban.instead, found);
        }
      }
    }
    return found;
  }

  private static List<String> matches(Pattern pattern, List<Path> files, String instead) {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      find(pattern, file, Sources.text(file), instead, found);
    }
    return found;
  }

  private static void find(
      Pattern pattern, Path file, String text, String instead, List<String> found) {
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      long line = text.substring(0, matcher.start()).lines().count() + 1;
      found.add("%s:%d: %s; use %s".formatted(Sources.name(file), line, matcher.group(), instead));
    }
  }
}
