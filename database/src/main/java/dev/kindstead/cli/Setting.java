package dev.kindstead.cli;

import dev.kindstead.placement.ShardMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured, with its defaults, in one place. A setting's flag is {@code
 * --key}, its environment variable {@code KINDSTEAD_KEY}, and its line in the file {@code key:
 * ...}. Immutable.
 *
 * @param <T> of the value as the program uses it
 */
public final class Setting<T> {
  public static final Setting<ListenAddress> LISTEN =
      of("listen", "HOST:PORT", ListenAddress::parse, "localhost:8081")
          .describedAs("Address of the API. Outside loopback it needs TLS, or --insecure.");

  public static final Setting<List<ListenAddress>> JOIN =
      of("join", "HOST:PORT,...", ListenAddress::parseNodes, null)
          .describedAs(
              "start only: forms a cluster with the nodes at these addresses (their --node-listen,"
                  + " this node's own included): the same three or five on every node and at every"
                  + " start.");

  public static final Setting<ListenAddress> NODE_LISTEN =
      of("node-listen", "HOST:PORT", ListenAddress::parseNode, "localhost:8082")
          .describedAs(
              "start only: address for other nodes. Outside loopback it needs --node-tls-*, or"
                  + " --insecure.");

  public static final Setting<ListenAddress> NODE_ADVERTISE =
      of("node-advertise", "HOST:PORT", ListenAddress::parseNode, null)
          .describedAs("Where other nodes reach this one, if that is not --node-listen.");

  public static final Setting<Path> NODE_TLS_AUTHORITY =
      of("node-tls-authority", "FILE", Quantity::path, null)
          .describedAs("Certificate of the authority that signs all nodes' certificates, PEM.");

  public static final Setting<Path> NODE_TLS_CERTIFICATE =
      of("node-tls-certificate", "FILE", Quantity::path, null)
          .describedAs("This node's certificate, PEM: see kindstead cert create.");

  public static final Setting<Path> NODE_TLS_KEY =
      of("node-tls-key", "FILE", Quantity::path, null)
          .describedAs("Its private key, PEM (PKCS#8).");

  public static final Setting<String> ZONE =
      of("zone", "NAME", Quantity::name, null)
          .describedAs(
              "The node's failure domain, such as a rack: votes go to zones without one first.");

  public static final Setting<Integer> WEIGHT =
      of("weight", "N", Quantity::weight, "1")
          .describedAs(
              "The node's share of replicas and of leaders beside the other nodes', up to 16.");

  public static final Setting<String> REGION =
      of("region", "NAME", Quantity::name, null)
          .describedAs("The node's data centre: shown by node list.");

  public static final Setting<Path> DATA_DIR =
      of("data-dir", "DIRECTORY", Quantity::path, null)
          .inStart("kindstead-data")
          .describedAs("Where the data lives. In dev, without it, data lives in memory.");

  public static final Setting<String> FSYNC =
      choice("fsync", List.of("always", "relaxed"), "always")
          .describedAs(
              "always: a commit is on disk before it is acknowledged. relaxed (dev only): a power"
                  + " cut may lose the last acknowledged commits.");

  public static final Setting<String> PROJECT =
      of("project", "ID", Function.identity(), "kindstead-dev")
          .describedAs("Project id in the printed export lines; every project is served.");

  public static final Setting<Path> TLS_CERTIFICATE =
      of("tls-certificate", "FILE", Quantity::path, null).describedAs("Certificate chain, PEM.");

  public static final Setting<Path> TLS_KEY =
      of("tls-key", "FILE", Quantity::path, null).describedAs("Private key, PEM (PKCS#8).");

  public static final Setting<Boolean> INSECURE =
      yesOrNo("insecure", "false")
          .describedAs(
              "Listen outside loopback without TLS: anyone who can connect owns the data.");

  public static final Setting<Integer> SHARDS =
      of("shards", "N", within(Quantity::count, "1", Integer.toString(ShardMap.SHARDS_MAX)), "4")
          .describedAs("Shards of a new data directory; an existing one keeps its own.");

  public static final Setting<Long> BLOCK_CACHE =
      of("block-cache", "BYTES", within(Quantity::bytes, "1MiB", "1TiB"), "32MiB")
          .inStart("256MiB")
          .describedAs("Memory for recently read blocks of the data on disk, all shards together.");

  public static final Setting<Duration> HISTORY_RETENTION =
      of("history-retention", "DURATION", within(Quantity::duration, "10m", "7d"), "1h")
          .describedAs("How far back a read_time may lie.");

  public static final Setting<Duration> TRANSACTION_IDLE_MAX =
      of("transaction-idle-max", "DURATION", within(Quantity::duration, "1s", "1d"), "60s")
          .describedAs("A transaction without a request for so long is ended.");

  public static final Setting<Duration> TRANSACTION_TOTAL_MAX =
      of("transaction-total-max", "DURATION", within(Quantity::duration, "1s", "1d"), "270s")
          .describedAs("A transaction begun so long ago is ended.");

  public static final Setting<String> CONCURRENCY_MODE =
      choice(
              "concurrency-mode",
              List.of("pessimistic", "optimistic", "optimistic-with-entity-groups"),
              "pessimistic")
          .describedAs("How transactions of a database without a setting of its own meet.");

  public static final Setting<String> INDEXES =
      choice("indexes", List.of("automatic", "strict"), "automatic")
          .describedAs(
              "automatic: what no index orders is sorted in memory. strict: such a query is refused"
                  + " with the index it needs, as the original does.");

  public static final Setting<Path> INDEX_FILE =
      of("index-file", "FILE", Quantity::path, null)
          .describedAs(
              "An index.yaml to which the composite indexes are added that queries would need in a"
                  + " strict database.");

  public static final Setting<Duration> CHECKPOINT_INTERVAL =
      of("checkpoint-interval", "DURATION", within(Quantity::duration, "1s", "7d"), "10m")
          .describedAs("How often the log is cut below a checkpoint of the data.");

  public static final Setting<Long> DISK_HEADROOM =
      of("disk-headroom", "BYTES", within(Quantity::bytes, "0", "1TiB"), "256MiB")
          .describedAs("With less free space than this, writes are refused; reads go on.");

  public static final Setting<Integer> LOOKUP_KEYS_MAX =
      of("lookup-keys-max", "N|none", Quantity::countOrNone, "1000")
          .describedAs("Keys in one lookup.");

  public static final Setting<Integer> MUTATIONS_MAX =
      of("mutations-max", "N|none", Quantity::countOrNone, "none")
          .describedAs("Mutations in one commit; none: as many as a request holds.");

  public static final Setting<Long> REQUEST_BYTES_MAX =
      of("request-bytes-max", "BYTES", within(Quantity::bytes, "1KiB", "32MiB"), "11MiB")
          .describedAs("Size of one request, also when decompressed: the API's 10 MiB and slack.");

  public static final Setting<Integer> CONNECTIONS_MAX =
      of("connections-max", "N", within(Quantity::count, "1", "1000000"), "10000")
          .describedAs("Open connections.");

  public static final Setting<Integer> REQUESTS_IN_FLIGHT_MAX =
      of("requests-in-flight-max", "N", within(Quantity::count, "1", "1000000"), "10000")
          .describedAs("Requests served at one time; one more is RESOURCE_EXHAUSTED.");

  public static final Setting<Duration> DRAIN_WAIT =
      of("drain-wait", "DURATION", within(Quantity::duration, "0s", "1h"), null)
          .describedAs(
              "How long a stopping node that says so on /readyz goes on serving, so that balancers"
                  + " send elsewhere first. Default: 3s with --join, else 0s.");

  public static final Setting<Duration> REPLACE_AFTER =
      of("replace-after", "DURATION", within(Quantity::duration, "1s", "365d"), "10m")
          .describedAs(
              "How long a node with a vote may not answer before a spare one takes its place.");

  public static final Setting<String> ROUTE_POLICY =
      choice(
              "route-policy",
              List.of(
                  "power-of-two-choices",
                  "random",
                  "round-robin",
                  "weighted",
                  "least-response-time"),
              "power-of-two-choices")
          .describedAs(
              "How a spare node chooses among those with replicas for reads that may be old."
                  + " weighted: near ones (--zone, --region) more often.");

  public static final Setting<String> LEADERS =
      choice("leaders", List.of("spread", "together"), "spread")
          .describedAs(
              "Where the leaders of shards belong: spread evenly over the nodes, or all together on"
                  + " the one that has the timestamp oracle. The same on all nodes.");

  public static final Setting<Long> COPY_RATE =
      of("copy-rate", "BYTES", within(Quantity::bytes, "1MiB", "1TiB"), "64MiB")
          .describedAs("How much of a shard is copied to or from another node in a second.");

  public static final Setting<String> LOG_LEVEL =
      choice("log-level", List.of("error", "warn", "info", "debug"), "info")
          .describedAs("What is logged, to standard error.");

  /** All of them, in the order of help and {@code config show}. */
  public static final List<Setting<?>> ALL =
      List.of(
          LISTEN,
          JOIN,
          NODE_LISTEN,
          NODE_ADVERTISE,
          NODE_TLS_AUTHORITY,
          NODE_TLS_CERTIFICATE,
          NODE_TLS_KEY,
          ZONE,
          WEIGHT,
          REGION,
          DATA_DIR,
          FSYNC,
          PROJECT,
          TLS_CERTIFICATE,
          TLS_KEY,
          INSECURE,
          SHARDS,
          BLOCK_CACHE,
          HISTORY_RETENTION,
          TRANSACTION_IDLE_MAX,
          TRANSACTION_TOTAL_MAX,
          CONCURRENCY_MODE,
          INDEXES,
          INDEX_FILE,
          CHECKPOINT_INTERVAL,
          DISK_HEADROOM,
          LOOKUP_KEYS_MAX,
          MUTATIONS_MAX,
          REQUEST_BYTES_MAX,
          CONNECTIONS_MAX,
          REQUESTS_IN_FLIGHT_MAX,
          DRAIN_WAIT,
          REPLACE_AFTER,
          ROUTE_POLICY,
          LEADERS,
          COPY_RATE,
          LOG_LEVEL);

  private final String key;
  private final String placeholder;
  private final Function<String, T> reader;
  private final @Nullable String inDev;
  private final @Nullable String inStart;
  private final String description;

  private Setting(
      String key,
      String placeholder,
      Function<String, T> reader,
      @Nullable String inDev,
      @Nullable String inStart,
      String description) {
    this.key = key;
    this.placeholder = placeholder;
    this.reader = reader;
    this.inDev = inDev;
    this.inStart = inStart;
    this.description = description;
  }

  private static <T> Setting<T> of(
      String key, String placeholder, Function<String, T> reader, @Nullable String byDefault) {
    return new Setting<>(key, placeholder, reader, byDefault, byDefault, "");
  }

  /** Bounds of an amount, themselves allowed, in the words that users write. */
  private static <T extends Comparable<T>> Function<String, T> within(
      Function<String, T> reader, String least, String most) {
    T from = reader.apply(least);
    T to = reader.apply(most);
    return text -> {
      T amount = reader.apply(text);
      if (amount.compareTo(from) < 0 || amount.compareTo(to) > 0) {
        throw new IllegalArgumentException(
            "must be from %s to %s: %s".formatted(least, most, text));
      }
      return amount;
    };
  }

  private static Setting<String> choice(String key, List<String> choices, String byDefault) {
    return of(key, String.join("|", choices), text -> Quantity.choice(text, choices), byDefault);
  }

  private static Setting<Boolean> yesOrNo(String key, String byDefault) {
    return of(key, "", Quantity::yesOrNo, byDefault);
  }

  private Setting<T> inStart(String byDefault) {
    return new Setting<>(key, placeholder, reader, inDev, byDefault, description);
  }

  private Setting<T> describedAs(String text) {
    return new Setting<>(key, placeholder, reader, inDev, inStart, text);
  }

  public String key() {
    return key;
  }

  public String flag() {
    return "--" + key;
  }

  public String variable() {
    return "KINDSTEAD_" + key.replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Whether it is given without a value on the command line. */
  boolean isSwitch() {
    return placeholder.isEmpty();
  }

  String placeholder() {
    return placeholder;
  }

  String description() {
    return description;
  }

  @Nullable String byDefault(Profile profile) {
    return switch (profile) {
      case DEV -> inDev;
      case START -> inStart;
    };
  }

  /** The value; IllegalArgument with a sentence for the user when the text makes no sense. */
  T read(String text) {
    return reader.apply(text);
  }

  @Override
  public String toString() {
    return key;
  }
}
