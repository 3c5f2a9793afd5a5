package dev.kindstead.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/** A directory of PEM files: certificates, and keys that only their owner can read. */
record CertificateFiles(Path directory) {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String KEY = "PRIVATE KEY";
  private static final int LINE_CHARS = 64;
  private static final String OWNER_ONLY = "rw-------";
  private static final String READABLE = "rw-r--r--";

  Path certificate(String name) {
    return directory.resolve(name + ".pem");
  }

  Path key(String name) {
    return directory.resolve(name + "-key.pem");
  }

  void refuseExisting(String name) {
    for (Path file : new Path[] {certificate(name), key(name)}) {
      if (Files.exists(file)) {
        throw new Refusal(
            ExitCode.USAGE, "%s is there already; choose another --name".formatted(file));
      }
    }
  }

  X509Certificate readCertificate(String name) {
    Path file = certificate(name);
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    } catch (IOException | GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  PrivateKey readKey(String name) {
    Path file = key(name);
    try {
      String base64 = Files.readString(file, US_ASCII).replaceAll("-----[^-]*-----|\\s", "");
      return KeyFactory.getInstance("EC")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw unreadable(file, e);
    }
  }

  /** Both files, neither of which may be there; the key first. */
  void write(String name, X509Certificate certificate, PrivateKey key) {
    try {
      Files.createDirectories(directory);
      write(key(name), pem(KEY, key.getEncoded()), OWNER_ONLY);
      write(certificate(name), pem(CERTIFICATE, certificate.getEncoded()), READABLE);
    } catch (IOException | GeneralSecurityException e) {
      throw new Refusal(
          ExitCode.USAGE, "%s can't be written to: %s".formatted(directory, e.getMessage()));
    }
  }

  private void write(Path file, String text, String permissions) throws IOException {
    FileAttribute<?>[] attributes = {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
    };
    if (!Files.getFileStore(directory).supportsFileAttributeView("posix")) {
      attributes = new FileAttribute<?>[0];
    }
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel out = Files.newByteChannel(file, options, attributes)) {
      ByteBuffer bytes = US_ASCII.encode(text);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    }
  }

  static Refusal unreadable(Path file, Exception why) {
    String reason = why instanceof NoSuchFileException ? "there is no such file" : why.getMessage();
    return new Refusal(ExitCode.USAGE, "%s can't be read: %s".formatted(file, reason));
  }

  private static String pem(String what, byte[] der) {
    String body = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, body, what);
  }
}
