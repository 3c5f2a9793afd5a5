package dev.kindstead.server;

import dev.kindstead.cli.ExitCode;
import dev.kindstead.cli.Refusal;
import dev.kindstead.directory.NodeIdentity;
import dev.kindstead.directory.NodeMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The small files of a data directory: {@code node}, who this node is; {@code candidate}, its id
 * before it belongs to a cluster; {@code starts}, how often it and the others have started; {@code
 * refused}, why the others do not take this directory; {@code addresses}, where the others were.
 * Each is replaced as a whole: after a crash at any point there is the old one or the new one.
 * Bytes: docs/formats/data-directory.md. Thread-safe; what is asked does not wait for what is being
 * written.
 */
final class NodeFiles implements NodeMemory {
  private static final String IDENTITY = "node";
  private static final String CANDIDATE = "candidate";
  private static final String STARTS = "starts";
  private static final String REFUSED = "refused";
  private static final String ADDRESSES = "addresses";
  private static final String ADDRESSES_FIRST_LINE = "kindstead-addresses 1";
  private static final String NEW = ".new";
  private static final String STARTS_FIRST_LINE = "kindstead-starts 1";

  /** Looks like a start of a node of this name: earlier versions carry it along as one. */
  private static final String CHECKSUM = "checksum";

  /**
   * Starts of this node that the file keeps: so many may pass that another node hears nothing of.
   */
  static final int STARTS_KEPT = 64;

  /** What an interrupted first start may have left behind. */
  static final Set<String> NAMES =
      Set.of(IDENTITY, IDENTITY + NEW, CANDIDATE, CANDIDATE + NEW, STARTS, STARTS + NEW);

  private final Path directory;
  private final String nodeId;
  private final Boot boot;
  private final List<Boot> past;
  private volatile Map<String, Boot> heard;
  private volatile @Nullable NodeIdentity identity;
  private volatile String refusal;
  private volatile Map<String, String> addresses;

  /**
   * Reads the files, mints an id if there is none, and counts this start.
   *
   * @param random unpredictable
   * @throws Refusal when one is damaged, or of a format this program does not know
   */
  NodeFiles(Path directory, RandomGenerator random) throws IOException {
    this.directory = directory;
    identity = readIdentity();
    nodeId = identity == null ? candidate(random) : identity.nodeId();
    var runs = new ArrayList<Boot>();
    var ofOthers = new TreeMap<String, Boot>();
    long last = readStarts(runs, ofOthers);
    heard = ofOthers;
    boot = new Boot(last + 1, random.nextLong());
    past = List.copyOf(runs.subList(Math.max(0, runs.size() + 1 - STARTS_KEPT), runs.size()));
    writeStarts(heard);
    Path mark = directory.resolve(REFUSED);
    refusal = Files.exists(mark) ? text(mark).strip() : "";
    addresses = readAddresses();
  }

  /** Whether the directory has been a node's. */
  static boolean isNode(Path directory) {
    return Files.exists(directory.resolve(IDENTITY)) || Files.exists(directory.resolve(CANDIDATE));
  }

  private @Nullable NodeIdentity readIdentity() throws IOException {
    Path file = directory.resolve(IDENTITY);
    if (!Files.exists(file)) {
      return null;
    }
    try {
      return NodeIdentity.decode(text(file));
    } catch (NodeIdentity.UnreadableException e) {
      throw unreadable(file, String.valueOf(e.getMessage()));
    }
  }

  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "it is not UTF-8");
    }
  }

  private static Refusal unreadable(Path file, String why) {
    return new Refusal(ExitCode.DATA_NOT_OURS, "can't read %s: %s".formatted(file, why));
  }

  private String candidate(RandomGenerator random) throws IOException {
    Path file = directory.resolve(CANDIDATE);
    if (Files.exists(file)) {
      String text = text(file).strip();
      if (!text.matches("node-[0-9a-f]{12}")) {
        throw unreadable(file, "it holds no node id");
      }
      return text;
    }
    String minted = NodeIdentity.mintNodeId(random);
    write(CANDIDATE, minted + "\n");
    return minted;
  }

  /** They are where to ask first, no more: a file that is damaged is none. */
  private Map<String, String> readAddresses() throws IOException {
    Path file = directory.resolve(ADDRESSES);
    var all = new TreeMap<String, String>();
    if (Files.exists(file)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      List<String> lines = text.lines().toList();
      if (lines.size() < 2
          || !lines.getFirst().equals(ADDRESSES_FIRST_LINE)
          || !lines.getLast().equals(CHECKSUM + " " + Checksum.of(Checksum.before(text)))) {
        return Map.of();
      }
      for (String line : lines.subList(1, lines.size() - 1)) {
        String[] words = line.split(" ", 2);
        all.put(words[0], words[words.length - 1]);
      }
    }
    return all;
  }

  /** Where the other nodes were when this one heard of them last, by their ids. */
  Map<String, String> addresses() {
    return addresses;
  }

  /** Remembers where the others are, for a start without {@code --join}. */
  synchronized void found(Map<String, String> others) {
    var all = new TreeMap<>(others);
    if (all.isEmpty() || all.equals(addresses)) {
      return;
    }
    var text = new StringBuilder(ADDRESSES_FIRST_LINE + "\n");
    all.forEach((id, address) -> text.append(id).append(' ').append(address).append('\n'));
    try {
      write(ADDRESSES, text + CHECKSUM + " " + Checksum.of(text.toString()) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    addresses = all;
  }

  private long readStarts(List<Boot> runs, Map<String, Boot> ofOthers) throws IOException {
    Path file = directory.resolve(STARTS);
    if (!Files.exists(file)) {
      return 0;
    }
    String text = text(file);
    var lines = text.lines().toList();
    try {
      if (!lines.getFirst().equals(STARTS_FIRST_LINE)) {
        throw new IllegalArgumentException("its first line is not " + STARTS_FIRST_LINE);
      }
      long last = Long.parseLong(lines.get(1));
      for (String line : lines.subList(2, lines.size())) {
        String[] words = line.split(" ", 3);
        var start = new Boot(Long.parseLong(words[1]), Long.parseLong(words[2]));
        if (words[0].equals(nodeId)) {
          runs.add(start);
        } else if (!words[0].equals(CHECKSUM)) {
          ofOthers.put(words[0], start);
        } else if (line.equals(lines.getLast())) {
          checkSum(text, last, start);
        }
      }
      forgetUnlessWhole(runs, last);
      return last;
    } catch (RuntimeException damaged) {
      throw unreadable(file, String.valueOf(damaged.getMessage()));
    }
  }

  /** It is of an earlier start where a version without checksums has counted on since. */
  private static void checkSum(String text, long last, Boot sum) {
    if (sum.run() > last
        || (sum.run() == last && sum.number() != Checksum.of(Checksum.before(text)))) {
      throw new IllegalArgumentException("its checksum does not match: it is damaged");
    }
  }

  /** A version that keeps no runs may have counted starts since, and kept some lines. */
  private static void forgetUnlessWhole(List<Boot> runs, long last) {
    long first = last + 1 - runs.size();
    for (int i = 0; i < runs.size(); i++) {
      if (runs.get(i).number() != first + i) {
        runs.clear();
      }
    }
  }

  private void writeStarts(Map<String, Boot> ofOthers) throws IOException {
    var text = new StringBuilder(STARTS_FIRST_LINE + "\n" + boot.number() + "\n");
    past.forEach(start -> text.append(line(nodeId, start)));
    text.append(line(nodeId, boot));
    ofOthers.forEach((id, start) -> text.append(line(id, start)));
    var sum = new Boot(Checksum.of(text.toString()), boot.number());
    write(STARTS, text + line(CHECKSUM, sum));
  }

  private static String line(String id, Boot start) {
    return id + " " + start.number() + " " + start.run() + "\n";
  }

  @Override
  public String nodeId() {
    return nodeId;
  }

  @Override
  public Boot boot() {
    return boot;
  }

  @Override
  public List<Boot> past() {
    return past;
  }

  @Override
  public String refusal() {
    return refusal;
  }

  @Override
  public synchronized void refused(String why) {
    try {
      write(REFUSED, why.replace('\n', ' ') + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    refusal = why;
  }

  @Override
  public Optional<NodeIdentity> identity() {
    return Optional.ofNullable(identity);
  }

  @Override
  public synchronized void join(NodeIdentity joined) {
    try {
      write(IDENTITY, joined.encode());
      identity = joined;
      Files.deleteIfExists(directory.resolve(CANDIDATE));
      // In a cluster that is new, as one that was recovered is, nobody has refused it.
      Files.deleteIfExists(directory.resolve(REFUSED));
      refusal = "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * This node as its own cluster, which it becomes now if it belongs to none.
   *
   * @throws Refusal when it belongs to a larger one, or must not start
   */
  synchronized NodeIdentity alone(int shards, RandomGenerator random) {
    if (!refusal.isEmpty()) {
      throw new Refusal(ExitCode.CLUSTER_REFUSED, refusal);
    }
    NodeIdentity known = identity;
    if (known == null) {
      known = NodeIdentity.alone(nodeId, shards, random);
      join(known);
    }
    if (!known.isAlone()) {
      throw new Refusal(
          ExitCode.USAGE,
          directory
              + " is the data directory of a cluster's node: start it with --join and the addresses"
              + " of the others");
    }
    return known;
  }

  /** Whether it belongs to a cluster of several nodes, by what it has heard last. */
  boolean isOfSeveral() {
    NodeIdentity known = identity;
    return known != null && !known.isAlone();
  }

  @Override
  public Boot heardOf(String otherId) {
    return heard.getOrDefault(otherId, Boot.NONE);
  }

  @Override
  public synchronized void hear(String otherId, Boot start) {
    if (!start.follows(heardOf(otherId))) {
      return; // told late: what is known is newer
    }
    var all = new TreeMap<>(heard);
    all.put(otherId, start);
    try {
      writeStarts(all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    heard = all; // not before it is on the disk: who is believed once is not asked again
  }

  /** Replaces one of the small files as a whole. */
  void write(String name, String text) throws IOException {
    Path scratch = directory.resolve(name + NEW);
    Files.deleteIfExists(scratch);
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      // The identity holds the key that signs transaction ids.
      Files.createFile(
          scratch,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    try (FileChannel channel =
        FileChannel.open(scratch, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Path file = directory.resolve(name);
    try {
      Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(scratch, file, StandardCopyOption.REPLACE_EXISTING);
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
