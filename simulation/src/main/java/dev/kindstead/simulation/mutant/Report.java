package dev.kindstead.simulation.mutant;

import dev.kindstead.telemetry.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came of a run, in a line and for tools; for people, see {@link Page}. Pure.
 *
 * @param commit of the product that was tried
 * @param untried for whom there was no time
 */
record Report(String commit, List<Verdict> verdicts, List<String> untried) {
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
