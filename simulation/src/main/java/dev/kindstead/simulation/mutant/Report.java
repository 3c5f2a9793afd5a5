package dev.kindstead.simulation.mutant;

import dev.kindstead.telemetry.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a run, for people and for tools. Pure.
 *
 * @param commit of the product that was tried
 * @param seedsMax that the simulation had for each mutant
 * @param untried for whom there was no time
 */
record Report(String commit, int seedsMax, List<Verdict> verdicts, List<String> untried) {
  private static final int SAID_MAX = 60;
  private static final String FOUND = "found";
  private static final String LOST = "**NOT FOUND**";
  private static final String NOT_TRIED = "not tried";

  long found() {
    return verdicts.stream().filter(Verdict::isFound).count();
  }

  /** Whether every mutant was tried, found, and not for a reason of the product's own. */
  boolean passed() {
    return untried.isEmpty()
        && verdicts.stream().allMatch(verdict -> verdict.isFound() && verdict.wrong().isEmpty());
  }

  String summary() {
    String end = untried.isEmpty() ? "" : ", no time for " + String.join(", ", untried);
    return "%d of %d mutants found%s".formatted(found(), verdicts.size(), end);
  }

  /**
   * The page docs/mutants.md, with the rows of this run, and those of earlier ones for mutants that
   * were not tried now.
   *
   * @param all mutants that there are
   * @param before the page as it was
   */
  String markdown(List<Mutant> all, String before) {
    var rows = new StringBuilder();
    int found = 0;
    int tried = 0;
    for (Mutant mutant : all) {
      String row = row(mutant, before);
      tried += row.contains(NOT_TRIED) ? 0 : 1;
      found += row.contains(FOUND) ? 1 : 0;
      rows.append(row).append('\n');
    }
    return """
    # Mutants: bugs that the suite must find

    Written by `simulation/mutants/run --write`, which leaves the rows of mutants that it does not try; do not edit. Each
    mutant is a file of [`simulation/mutants`](../simulation/mutants): a bug planted into the product's code, one at a
    time, against a rule of the design that keeps it correct. What finds it passes without it.

    **%d mutants, %d tried, %d found.** Simulation: how many seeds it took, from 1 on, and the first anomaly. Room tests:
    the first test that fails of those that the mutant names; not run where the simulation was enough (`--quick`).

    | rule | mutant | what it does wrong | result | simulation | room tests | at commit |
    | --- | --- | --- | --- | --- | --- | --- |
    %s\
    """
        .formatted(all.size(), tried, found, rows);
  }

  private String row(Mutant mutant, String before) {
    String head = "| %d | `%s` | %s |".formatted(mutant.rule(), mutant.name(), mutant.what());
    for (Verdict verdict : verdicts) {
      if (verdict.mutant().equals(mutant)) {
        String result = verdict.wrong().isEmpty() ? verdict.isFound() ? FOUND : LOST : "INVALID";
        return "%s %s | %s | %s | %s |"
            .formatted(head, result, simulated(verdict), tested(verdict), commit);
      }
    }
    return before
        .lines()
        .filter(line -> line.startsWith(head))
        .findFirst()
        .orElse(head + " " + NOT_TRIED + " | | | |");
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

  String json() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("commit", commit);
    tree.put("passed", passed());
    tree.put("found", found());
    tree.put("untried", untried);
    tree.put("mutants", verdicts.stream().map(Report::tree).toList());
    return Json.write(tree);
  }

  private static Map<String, Object> tree(Verdict verdict) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", verdict.mutant().name());
    tree.put("rule", verdict.mutant().rule());
    tree.put("found", verdict.isFound());
    if (!verdict.wrong().isEmpty()) {
      tree.put("invalid", verdict.wrong());
    }
    List<Object> checks = new ArrayList<>();
    for (Checks.Finding finding : verdict.findings()) {
      Map<String, Object> check = new LinkedHashMap<>();
      check.put("check", finding.check());
      check.put("found", finding.isFound());
      check.put("by", finding.by());
      check.put("says", finding.says());
      check.put("seeds", finding.seeds());
      check.put("seconds", finding.took().toMillis() / 1e3);
      checks.add(check);
    }
    tree.put("checks", checks);
    return tree;
  }
}
