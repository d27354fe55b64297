using Moldau.Broker.Security.Certificates;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Reading;

/// <summary>Reads from when until when the certificate in a file holds, as the broker reads it.</summary>
internal static class CertificateReader
{
    public static ListenerFacts.CertificateFacts Read(string path, string? password, string? keyPassword)
    {
        try
        {
            var term = CertificateTerm.Read(File.ReadAllBytes(path), path, password, keyPassword);
            return new ListenerFacts.CertificateFacts(path, term.From, term.Until, term.Problem);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new ListenerFacts.CertificateFacts(path, default, default, fault.Message);
        }
    }
}
