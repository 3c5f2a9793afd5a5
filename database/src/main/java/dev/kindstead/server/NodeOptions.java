package dev.kindstead.server;

import dev.kindstead.cli.Configuration;
import dev.kindstead.cli.ListenAddress;
import dev.kindstead.cli.Profile;
import dev.kindstead.cli.Setting;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.protocol.FrontDoorOptions;
import dev.kindstead.protocol.Limits;
import dev.kindstead.protocol.TransportLimits;
import dev.kindstead.replication.NodePlace;
import dev.kindstead.replication.RaftLogOptions.Durability;
import dev.kindstead.storage.StorageSizes;
import dev.kindstead.transaction.TransactionSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The configuration, sorted by room. Immutable.
 *
 * @param development whether /reset and /shutdown exist
 * @param cluster empty for a node alone
 * @param region the node's data centre, empty for none
 * @param dataDirectory empty keeps the data in memory
 * @param shards of a new data directory
 * @param shardsChosen whether that is what somebody has asked for
 * @param blockCacheBytes all shards together
 * @param copyBytesPerSecond at which each group's replicas are copied between nodes
 * @param drainWait how long a stopping node goes on serving; empty for what suits its cluster
 */
record NodeOptions(
    boolean development,
    ListenAddress listen,
    Optional<FrontDoorOptions.Tls> tls,
    Optional<ClusterOptions> cluster,
    NodePlace place,
    String region,
    Optional<Path> dataDirectory,
    int shards,
    boolean shardsChosen,
    Durability durability,
    long blockCacheBytes,
    long diskHeadroomBytes,
    Duration checkpointInterval,
    long copyBytesPerSecond,
    ConcurrencyMode concurrencyMode,
    boolean strictIndexes,
    Optional<Path> indexFile,
    Duration historyRetention,
    Duration transactionIdleMax,
    Duration transactionTotalMax,
    Limits limits,
    TransportLimits transport,
    Optional<Duration> drainWait) {
  static NodeOptions of(Configuration configuration) {
    return new NodeOptions(
        configuration.profile() == Profile.DEV,
        configuration.get(Setting.LISTEN),
        tls(configuration),
        ClusterOptions.of(configuration),
        new NodePlace(
            configuration.find(Setting.ZONE).orElse(""), configuration.get(Setting.WEIGHT)),
        configuration.find(Setting.REGION).orElse(""),
        configuration.find(Setting.DATA_DIR),
        configuration.get(Setting.SHARDS),
        configuration.isChosen(Setting.SHARDS),
        configuration.get(Setting.FSYNC).equals("relaxed") ? Durability.RELAXED : Durability.SYNC,
        configuration.get(Setting.BLOCK_CACHE),
        configuration.get(Setting.DISK_HEADROOM),
        configuration.get(Setting.CHECKPOINT_INTERVAL),
        configuration.get(Setting.COPY_RATE),
        concurrencyMode(configuration.get(Setting.CONCURRENCY_MODE)),
        configuration.get(Setting.INDEXES).equals("strict"),
        configuration.find(Setting.INDEX_FILE),
        configuration.get(Setting.HISTORY_RETENTION),
        configuration.get(Setting.TRANSACTION_IDLE_MAX),
        configuration.get(Setting.TRANSACTION_TOTAL_MAX),
        Limits.DEFAULT
            .withLookupKeysMax(configuration.get(Setting.LOOKUP_KEYS_MAX))
            .withMutationsMax(configuration.get(Setting.MUTATIONS_MAX)),
        TransportLimits.defaults()
            .with(
                (int) Math.min(Integer.MAX_VALUE, configuration.get(Setting.REQUEST_BYTES_MAX)),
                configuration.get(Setting.CONNECTIONS_MAX),
                configuration.get(Setting.REQUESTS_IN_FLIGHT_MAX)),
        configuration.find(Setting.DRAIN_WAIT));
  }

  private static Optional<FrontDoorOptions.Tls> tls(Configuration configuration) {
    return configuration
        .find(Setting.TLS_CERTIFICATE)
        .map(certificate ->
            new FrontDoorOptions.Tls(
                certificate.toFile(), configuration.get(Setting.TLS_KEY).toFile()));
  }

  private static ConcurrencyMode concurrencyMode(String word) {
    return switch (word) {
      case "optimistic" -> ConcurrencyMode.OPTIMISTIC;
      case "optimistic-with-entity-groups" -> ConcurrencyMode.OPTIMISTIC_WITH_ENTITY_GROUPS;
      default -> ConcurrencyMode.PESSIMISTIC;
    };
  }

  /** Whether other machines can connect and nothing keeps them out. */
  boolean isOpenToEverybody() {
    return tls.isEmpty() && !listen.isLoopback();
  }

  /** What should be equal on all nodes of a cluster, by the names of the settings. */
  Map<String, String> sharedSettings() {
    Map<String, String> shared = new TreeMap<>();
    shared.put("history-retention", historyRetention.toSeconds() + "s");
    shared.put("transaction-idle-max", transactionIdleMax.toSeconds() + "s");
    shared.put("transaction-total-max", transactionTotalMax.toSeconds() + "s");
    shared.put("concurrency-mode", lower(concurrencyMode));
    shared.put("indexes", strictIndexes ? "strict" : "automatic");
    shared.put("lookup-keys-max", Integer.toString(limits.lookupKeysMax()));
    shared.put("mutations-max", Integer.toString(limits.mutationsMax()));
    shared.put("request-bytes-max", Integer.toString(transport.requestBytesMax()));
    cluster.ifPresent(others -> {
      shared.put("leaders", lower(others.leaders()));
      shared.put("replace-after", others.replaceAfter().toSeconds() + "s");
    });
    return shared;
  }

  private static String lower(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The storage room's part. */
  StorageSizes sizes() {
    StorageSizes sizes = development ? StorageSizes.SMALL : StorageSizes.DEFAULT;
    return new StorageSizes(blockCacheBytes, sizes.writeBufferBytes(), sizes.backgroundThreads());
  }

  /** The transaction room's part, for a node with this identity. */
  TransactionSettings transactions(NodeIdentity identity) {
    var defaults = TransactionSettings.defaults(identity.transactionKey());
    return new TransactionSettings(
        identity.nodeNumber(),
        identity.transactionKey(),
        concurrencyMode,
        historyRetention,
        transactionIdleMax,
        transactionTotalMax,
        defaults.lockWaitLimit(),
        defaults.putWaitLimit(),
        defaults.outcomeRetention(),
        defaults.collectionPeriod());
  }
}
