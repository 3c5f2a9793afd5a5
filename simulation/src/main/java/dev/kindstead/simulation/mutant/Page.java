package dev.kindstead.simulation.mutant;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The table for people, docs/mutants.md: a row for each mutant with what found it last, and at
 * which commit. Confined to one thread.
 *
 * <p><b>Invariant.</b> A row says something of the mutant that has its digest, and of no other.
 */
final class Page {
  private static final int SAID_MAX = 60;
  private static final String FOUND = "found";
  private static final String LOST = "**NOT FOUND**";
  private static final String NOT_TRIED = "not tried";

  private static final Pattern SEED = Pattern.compile("(\\d+): .*");
  private static final Pattern MUTANT = Pattern.compile("`([a-z-]+)`");
  private static final int CELLS = 8;

  private final Map<String, Row> rows = new HashMap<>();

  /** Its cells behind what is taken from the mutant itself. */
  private record Row(String result, String simulation, String tests, String commit, String digest) {
    String cells() {
      return " %s | %s | %s | %s | %s |".formatted(result, simulation, tests, commit, digest);
    }
  }

  /** The page as it was left; without a row where there is none. */
  static Page read(Path file) throws IOException {
    var page = new Page();
    if (Files.exists(file)) {
      Files.readAllLines(file).forEach(page::read);
    }
    return page;
  }

  private void read(String line) {
    List<String> cells =
        Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).limit(CELLS).toList();
    if (cells.size() < CELLS) {
      return;
    }
    Matcher name = MUTANT.matcher(cells.get(1));
    if (name.matches()) {
      rows.put(
          name.group(1),
          new Row(cells.get(3), cells.get(4), cells.get(5), cells.get(6), cells.get(7)));
    }
  }

  private @Nullable Row row(Mutant mutant) {
    Row row = rows.get(mutant.name());
    return row != null && row.digest.equals(mutant.digest()) ? row : null;
  }

  /** Whether it was found, as it is now, at this commit. */
  boolean isFound(Mutant mutant, String commit) {
    Row row = row(mutant);
    return row != null && row.result.equals(FOUND) && row.commit.equals(commit);
  }

  /** Whether the simulation looked for it, as it is now, and found nothing. */
  boolean isLeftToTests(Mutant mutant) {
    Row row = row(mutant);
    return row != null && row.simulation.startsWith("nothing");
  }

  /** With which the simulation found it last, as it is now. */
  OptionalLong seed(Mutant mutant) {
    Row row = row(mutant);
    if (row == null) {
      return OptionalLong.empty();
    }
    Matcher seed = SEED.matcher(row.simulation);
    return seed.matches() ? OptionalLong.of(Long.parseLong(seed.group(1))) : OptionalLong.empty();
  }

  /** Takes the place of what was known of the mutant. */
  void put(Verdict verdict, String commit) {
    String result = verdict.wrong().isEmpty() ? verdict.isFound() ? FOUND : LOST : "INVALID";
    rows.put(
        verdict.mutant().name(),
        new Row(result, simulated(verdict), tested(verdict), commit, verdict.mutant().digest()));
  }

  private static String simulated(Verdict verdict) {
    Checks.Finding finding = verdict.simulated();
    if (finding == null) {
      String why = verdict.mutant().unsimulated();
      return why == null ? "not asked" : "can't: " + why;
    }
    return finding.isFound()
        ? "%d: %s".formatted(finding.seeds(), said(finding))
        : "nothing in %d".formatted(finding.seeds());
  }

  private static String tested(Verdict verdict) {
    Checks.Finding finding = verdict.tested();
    if (finding == null) {
      return verdict.mutant().tests().isEmpty() ? "none" : "not run";
    }
    return finding.isFound() ? "`" + finding.by() + "`" : "nothing";
  }

  /** The kind of anomaly: what stands before its particulars. */
  private static String said(Checks.Finding finding) {
    String kind = finding.says().split("[:\\[|]| at \\d| of list| n\\d", 2)[0].strip();
    return kind.length() <= SAID_MAX ? kind : kind.substring(0, SAID_MAX) + " ...";
  }

  /** As it is written; a row of what is no mutant any more is left out. */
  String markdown(List<Mutant> all) {
    var lines = new ArrayList<String>();
    int found = 0;
    int tried = 0;
    for (Mutant mutant : all) {
      Row row = row(mutant);
      tried += row == null ? 0 : 1;
      found += row != null && row.result.equals(FOUND) ? 1 : 0;
      lines.add(
          "| %d | `%s` | %s |%s"
              .formatted(
                  mutant.rule(),
                  mutant.name(),
                  mutant.what(),
                  row == null ? " " + NOT_TRIED + " | | | | |" : row.cells()));
    }
    return """
    # Mutants: bugs that the suite must find

    Written by `simulation/mutants/run --write`, which leaves the rows of mutants that it does not try; do not edit. Each
    mutant is a file of [`simulation/mutants`](../simulation/mutants): a bug planted into the product's code, one at a
    time, against a rule of the design that keeps it correct. What finds it passes without it. A mutant whose file has
    changed since (its digest is in the last column) counts as not tried.

    **%d mutants, %d tried, %d found.** Simulation: how many seeds it took, from 1 on, and the first anomaly. Room tests:
    the first test that fails of those that the mutant names; not run where the simulation was enough (`--quick`).

    | rule | mutant | what it does wrong | result | simulation | room tests | at commit | digest |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    %s
    """
        .formatted(all.size(), tried, found, String.join("\n", lines));
  }
}
