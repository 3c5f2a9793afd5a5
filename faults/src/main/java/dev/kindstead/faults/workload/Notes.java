package dev.kindstead.faults.workload;

import dev.kindstead.simulation.History;
import dev.kindstead.simulation.check.BankTotals.Balances;
import dev.kindstead.simulation.check.RegisterOperation;
import dev.kindstead.simulation.check.RegisterTransaction;
import dev.kindstead.simulation.check.Sessions.Seen;
import dev.kindstead.simulation.check.SetMembers.Insert;
import dev.kindstead.simulation.check.UniqueIds.Allocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * What the clients of one round saw. All times are nanoseconds of this process's monotonic clock.
 * Thread-safe: one lock, held for as long as it takes to add a line.
 */
public final class Notes {
  private final AtomicInteger numbers = new AtomicInteger();
  private final History lists = new History();
  private final List<RegisterOperation> registers = new ArrayList<>();
  private final List<RegisterTransaction> together = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private final List<Balances> audits = new ArrayList<>();
  private final List<Insert> inserts = new ArrayList<>();
  private final List<Allocation> allocations = new ArrayList<>();
  private final List<String> anomalies = new ArrayList<>();
  private final Map<Probe, Long> acknowledged = new EnumMap<>(Probe.class);
  private final Map<String, Integer> failures = new TreeMap<>();
  private long inOverload;
  private long answeredNanos = System.nanoTime();
  private long silenceNanosMax;

  /** Kinds of clients. */
  enum Work {
    LISTS,
    REGISTERS,
    BANK,
    SET,
    PAGES,
    IDS,
    INDEXES
  }

  /** Unique in the round: elements, values and transactions are told apart by it. */
  int number() {
    return numbers.incrementAndGet();
  }

  synchronized void acknowledged(Probe probe) {
    acknowledged.merge(probe, 1L, Long::sum);
    long now = System.nanoTime();
    silenceNanosMax = Math.max(silenceNanosMax, now - answeredNanos);
    answeredNanos = now;
  }

  /** To one of the clients that are there for overload only. */
  synchronized void acknowledgedInOverload(Probe probe) {
    acknowledged(probe);
    inOverload++;
  }

  /** Of any kind of work, to the clients that are always there. */
  public synchronized long acknowledgedToUsual() {
    return acknowledgedCount() - inOverload;
  }

  /** Of any kind of work. */
  public synchronized long acknowledgedCount() {
    return acknowledged.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized long acknowledgedCount(Probe probe) {
    return acknowledged.getOrDefault(probe, 0L);
  }

  /** Why a round in which faults happened for so long says nothing; empty when it does. */
  public synchronized List<String> tooFew(Duration round) {
    return Probe.tooFew(acknowledged, round).toList();
  }

  /** The longest time without any acknowledgement, since this was asked last. */
  public synchronized long takeSilenceMillis() {
    long now = System.nanoTime();
    long longest = Math.max(silenceNanosMax, now - answeredNanos);
    silenceNanosMax = 0;
    answeredNanos = now;
    return longest / 1_000_000;
  }

  synchronized void failed(Work work, Failed failure) {
    String message = String.valueOf(failure.getMessage()).replaceAll("\\d{2,}", "N");
    failures.merge(message, 1, Integer::sum);
    if (!failure.isExpected()) {
      anomalies.add("unexpected answer to " + work + ": " + failure.getMessage());
    }
  }

  synchronized void anomaly(String anomaly) {
    anomalies.add(anomaly);
  }

  synchronized void list(History.Transaction transaction) {
    lists.add(transaction);
  }

  synchronized void register(RegisterOperation operation) {
    registers.add(operation);
  }

  synchronized void together(RegisterTransaction transaction) {
    together.add(transaction);
  }

  synchronized void seen(Seen what) {
    seen.add(what);
  }

  synchronized void audit(Balances balances) {
    audits.add(balances);
  }

  synchronized void insert(Insert insert) {
    inserts.add(insert);
  }

  synchronized void allocation(Allocation allocation) {
    allocations.add(allocation);
  }

  // Only after all clients have ended:

  History lists() {
    return lists;
  }

  List<RegisterOperation> registers() {
    return registers;
  }

  List<RegisterTransaction> together() {
    return together;
  }

  List<Seen> seen() {
    return seen;
  }

  List<Balances> audits() {
    return audits;
  }

  List<Insert> inserts() {
    return inserts;
  }

  List<Allocation> allocations() {
    return allocations;
  }

  List<String> anomalies() {
    return anomalies;
  }

  /** How often each failure was met. */
  public Map<String, Integer> failures() {
    return failures;
  }

  /** How much was judged, for the report. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("listTransactions", (long) lists.transactions().size());
    counts.put("listTransactionsCommitted", lists.count(History.Ending.COMMITTED));
    counts.put("listTransactionsUnknown", lists.count(History.Ending.UNKNOWN));
    counts.put("registerOperations", (long) registers.size());
    counts.put("registerTransactions", (long) together.size());
    counts.put("audits", (long) audits.size());
    counts.put("inserts", (long) inserts.size());
    counts.put("allocations", (long) allocations.size());
    counts.put("pagedQueries", acknowledgedCount(Probe.PAGED_QUERIES));
    counts.put("indexComparisons", acknowledgedCount(Probe.INDEX_COMPARISONS));
    counts.put("transfers", acknowledgedCount(Probe.TRANSFERS));
    counts.put("acknowledged", acknowledgedCount());
    return counts;
  }

  /** Everything, one line each. */
  synchronized List<String> lines() {
    return Stream.<List<?>>of(
            lists.transactions(),
            registers,
            together,
            seen,
            audits,
            inserts,
            allocations,
            anomalies)
        .flatMap(List::stream)
        .map(String::valueOf)
        .toList();
  }
}
