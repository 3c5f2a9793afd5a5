package dev.kindstead.benchmarks;

import com.google.protobuf.CodedOutputStream;
import dev.kindstead.benchmarks.ServerProcess.Ending;
import dev.kindstead.benchmarks.Workload.End;
import dev.kindstead.benchmarks.Workload.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three members of etcd, as it comes, each a process of its own. Its gRPC calls are made by the
 * same connections as Kindstead's, so that the client costs the same.
 */
final class EtcdNodes implements AutoCloseable {
  static final String NAME = "etcd, three nodes";
  private static final int COUNT = 3;
  private static final int VALUE_BYTES = 1024;

  /** Above the 2 GiB at which it refuses writes by default. */
  private static final long QUOTA_BYTES = 8L << 30;

  /** Fields of etcd's PutRequest. */
  private static final int KEY = 1;

  private static final int VALUE = 2;

  private final List<ServerProcess> processes = new ArrayList<>();

  static EtcdNodes started(Path program, Path directory) {
    var nodes = new EtcdNodes();
    List<Integer> ports = keptPorts();
    List<Integer> peerPorts = keptPorts();
    try {
      for (int number = 0; number < COUNT; number++) {
        nodes.processes.add(launched(program, directory, number, ports.get(number), peerPorts));
      }
      nodes.processes.forEach(ServerProcess::awaitListening);
      return nodes;
    } catch (RuntimeException failed) {
      nodes.close();
      throw failed;
    }
  }

  private static List<Integer> keptPorts() {
    return IntStream.generate(Ports::kept).distinct().limit(COUNT).boxed().toList();
  }

  private static ServerProcess launched(
      Path program, Path directory, int number, int port, List<Integer> peerPorts) {
    String name = "etcd-" + number;
    String members =
        IntStream.range(0, COUNT)
            .mapToObj(i -> "etcd-" + i + "=" + url(peerPorts.get(i)))
            .collect(Collectors.joining(","));
    return ServerProcess.launched(
        name,
        port,
        directory.resolve(name + ".log"),
        List.of(
            program.toString(),
            "--name=" + name,
            "--data-dir=" + directory.resolve(name),
            "--listen-client-urls=" + url(port),
            "--advertise-client-urls=" + url(port),
            "--listen-peer-urls=" + url(peerPorts.get(number)),
            "--initial-advertise-peer-urls=" + url(peerPorts.get(number)),
            "--initial-cluster=" + members,
            "--initial-cluster-state=new",
            "--quota-backend-bytes=" + QUOTA_BYTES),
        Ending.KILLED);
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port;
  }

  List<ServerProcess> processes() {
    return List.copyOf(processes);
  }

  Load load() {
    return Load.spread(processes, processes.stream().map(ServerProcess::port).toList());
  }

  /** One of the dataset's keys with a new value of 1 KiB. */
  static Workload put(Dataset data) {
    byte[] value = new byte[VALUE_BYTES];
    new Random(1).nextBytes(value);
    return (GrpcConnection connection, Random random, End end) ->
        connection.call(
            Rpc.ETCD_PUT,
            request(data.name(random.nextInt(data.keys())), value),
            (status, _) -> end.ended(status == 0 ? Outcome.DONE : Outcome.FAILED));
  }

  private static byte[] request(String key, byte[] value) {
    var bytes = new ByteArrayOutputStream(VALUE_BYTES + 64);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeByteArray(KEY, key.getBytes(StandardCharsets.UTF_8));
      out.writeByteArray(VALUE, value);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    processes.forEach(ServerProcess::close);
  }
}
