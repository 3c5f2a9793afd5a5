package dev.kindstead.benchmarks;

import java.util.function.BiFunction;

/** The operations that are measured on a cluster, with their targets. */
enum ClusterOperation {
  UPSERT(
      "upsert",
      "upsert",
      new Target(8_500, 185, "12,000 at 130"),
      (workloads, _) -> workloads::upsert),
  LOOKUP(
      "lookup",
      "strong lookup",
      Target.perSecond(30_000, "40,000"),
      (workloads, _) -> workloads::lookup),
  ONE_SHARD(
      "one-shard",
      "two-key transaction, one shard",
      Target.perSecond(4_000, "6,000"),
      (workloads, pairs) -> workloads.transactions(pairs::inOneShard)),
  TWO_SHARDS(
      "two-shards",
      "two-key transaction, two shards",
      Target.perSecond(2_000, "3,000"),
      (workloads, pairs) -> workloads.transactions(pairs::inTwoShards)),
  QUERY(
      "query",
      "index query, all shards",
      Target.perSecond(5_000, ""),
      (workloads, _) -> workloads::query);

  private final String option;
  private final String title;
  private final Target target;
  private final BiFunction<Workloads, ShardPairs, Workload> workload;

  ClusterOperation(
      String option,
      String title,
      Target target,
      BiFunction<Workloads, ShardPairs, Workload> workload) {
    this.option = option;
    this.title = title;
    this.target = target;
    this.workload = workload;
  }

  /** How the command line names it. */
  String option() {
    return option;
  }

  String title() {
    return title;
  }

  Target target() {
    return target;
  }

  Workload workload(Workloads workloads, ShardPairs pairs) {
    return workload.apply(workloads, pairs);
  }
}
