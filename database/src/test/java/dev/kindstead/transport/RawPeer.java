package dev.kindstead.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;

/** Somebody on the other end of a socket, who need not keep to the rules. */
final class RawPeer implements AutoCloseable {
  private final Socket socket;

  RawPeer(TestNode listener) throws IOException {
    this(new Socket("127.0.0.1", listener.transport.port()));
  }

  RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(Math.toIntExact(TestNode.PATIENCE.toMillis()));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(byte type, byte[] payload) throws IOException {
    ByteBuf frame = Frame.of(ByteBufAllocator.DEFAULT, type, payload);
    send(Frame.payload(frame));
    frame.release();
  }

  void greet(int version, String nodeId, String listenerId) throws IOException {
    send(Frame.GREETING, new Greeting(version, nodeId, "", "", listenerId).bytes());
  }

  void request(String text) throws IOException {
    ByteBuf frame = Unpooled.buffer();
    Frame.write(frame, Frame.REQUEST, (byte) 3, 1, text.getBytes(UTF_8));
    send(Frame.payload(frame));
  }

  /** The type of the next frame, and its payload as text. */
  String receive() throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    byte[] frame = in.readNBytes(in.readInt());
    return frame[0] + ": " + new String(frame, 10, frame.length - 10, UTF_8);
  }

  /** Whether the other end has closed. */
  boolean isAtEnd() throws IOException {
    InputStream in = socket.getInputStream();
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
