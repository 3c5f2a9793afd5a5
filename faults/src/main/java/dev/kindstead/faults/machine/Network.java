package dev.kindstead.faults.machine;

import java.util.List;

/** How the nodes reach each other, and we them. Nodes are numbered from zero. */
public interface Network extends AutoCloseable {
  /** A node's address, for clients and for other nodes. */
  String host(int node);

  int port(int node);

  int nodePort(int node);

  /** What a node is started with besides its addresses. */
  List<String> flags(int node);

  /** What a node's command begins with. */
  List<String> prefix(int node);

  /**
   * What {@code from} sends to {@code to} does not arrive any more, until it is mended as often.
   */
  void cut(int from, int to);

  void mend(int from, int to);

  /** Breaks all connections of a node with other nodes. Returns how many. */
  long reset(int node);

  /** How often something that was sent to a node was kept from it. */
  long dropped(int node);

  /** The node's process, from its start on. */
  void started(int node, long processId);

  @Override
  void close();
}
