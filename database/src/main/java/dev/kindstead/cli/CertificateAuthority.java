package dev.kindstead.cli;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Signs the certificates of one cluster's nodes: who shows one belongs to the cluster. Keys are EC
 * P-256. Immutable.
 */
record CertificateAuthority(X509Certificate certificate, PrivateKey key) {
  private static final String CURVE = "secp256r1";
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final int SERIAL_BITS = 159;
  private static final int NAME_BITS = 32;

  /** A certificate counts from before it is made, on machines whose clocks are behind. */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  /** A node's. */
  record Issued(X509Certificate certificate, PrivateKey key) {}

  /** A new one, whose name differs from others' by chance. */
  static CertificateAuthority create(Instant now, Duration life) {
    String name = "Kindstead cluster " + new BigInteger(NAME_BITS, RANDOM).toString(16);
    try {
      KeyPair keys = keys();
      var subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
      var builder =
          new JcaX509v3CertificateBuilder(
              subject,
              new BigInteger(SERIAL_BITS, RANDOM),
              Date.from(now.minus(CLOCK_DIFFERENCE)),
              Date.from(now.plus(life)),
              subject,
              keys.getPublic());
      var extensions = new JcaX509ExtensionUtils();
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
          .addExtension(
              Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(keys.getPublic()));
      return new CertificateAuthority(sign(builder, keys.getPrivate()), keys.getPrivate());
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK can make EC certificates", e);
    }
  }

  /** For both ends of connections between nodes; ends with the authority's own at the latest. */
  Issued issue(String name, Instant now, Duration life) {
    Instant end = now.plus(life);
    Instant authorityEnd = certificate.getNotAfter().toInstant();
    try {
      KeyPair keys = keys();
      var builder =
          new JcaX509v3CertificateBuilder(
              certificate,
              new BigInteger(SERIAL_BITS, RANDOM),
              Date.from(now.minus(CLOCK_DIFFERENCE)),
              Date.from(end.isBefore(authorityEnd) ? end : authorityEnd),
              new X500NameBuilder().addRDN(BCStyle.CN, name).build(),
              keys.getPublic());
      var extensions = new JcaX509ExtensionUtils();
      KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
      builder
          .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
          .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
          .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes))
          .addExtension(
              Extension.subjectAlternativeName,
              false,
              new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
          .addExtension(
              Extension.subjectKeyIdentifier,
              false,
              extensions.createSubjectKeyIdentifier(keys.getPublic()))
          .addExtension(
              Extension.authorityKeyIdentifier,
              false,
              extensions.createAuthorityKeyIdentifier(certificate));
      return new Issued(sign(builder, key), keys.getPrivate());
    } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
      throw new IllegalStateException("every JDK can make EC certificates", e);
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(CURVE), RANDOM);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException, OperatorCreationException {
    return new JcaX509CertificateConverter()
        .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
  }
}
