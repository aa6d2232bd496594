package dev.sameport.plane.proxy.tls;

import java.nio.file.Path;

/// A certificate and its private key, each in a PEM file; both may be in one.
///
/// @param certificate the certificate, then those that lead to its root (RFC 8446, section 4.4.2)
/// @param key the unencrypted key: PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
public record CertificateFiles(Path certificate, Path key) {}
