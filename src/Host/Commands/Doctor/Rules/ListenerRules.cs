using System.Globalization;
using Moldau.Host.Commands.Doctor.Facts;

namespace Moldau.Host.Commands.Doctor.Rules;

/// <summary>What a listener should be like.</summary>
internal static class ListenerRules
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public static IEnumerable<Finding> Port(ListenerFacts facts)
    {
        var where = Where(facts);
        if (!facts.IsPortTaken) yield return Finding.Ok($"{where} is free");
        else if (facts.IsBrokerRunning) yield return Finding.Ok($"{where} is taken, most likely by the broker that has the data folder open");
        else yield return Finding.Fail($"{where} is taken", "free: a start cannot listen there", string.Create(CultureInfo.InvariantCulture, $"ss -ltnp 'sport = :{facts.Port}' says by whom; or another port in listeners"));
    }

    public static IEnumerable<Finding> Public(ListenerFacts facts)
    {
        var where = Where(facts);
        var doesAsk = facts.Protocol.StartsWith("SASL_", StringComparison.Ordinal) || (facts.Protocol == "SSL" && facts.AsksForCertificate);
        if (!facts.IsPublic) yield return Finding.Ok($"{where} is reached from this machine only");
        else if (doesAsk) yield return Finding.Ok($"{where} is reached by others, and asks who they are");
        else yield return Finding.Warn($"{where} is reached by others, and lets everybody in", "SASL_SSL, or SSL with ssl.client.auth=required, or this machine only", $"listeners={facts.Name}://127.0.0.1:{facts.Port.ToString(CultureInfo.InvariantCulture)}, or name another protocol in listener.security.protocol.map");
    }

    public static IEnumerable<Finding> Encrypted(ListenerFacts facts)
    {
        if (!facts.IsPublic || facts.Protocol != "SASL_PLAINTEXT") yield break;
        yield return Finding.Warn($"{Where(facts)} is reached by others in clear text", "SASL_SSL: whoever can read the line has the records, and with PLAIN the passwords", $"listener.security.protocol.map={facts.Name}:SASL_SSL, and a certificate in ssl.keystore.location");
    }

    public static IEnumerable<Finding> Advertised(ListenerFacts facts)
    {
        if (facts.AdvertisedHost.Length == 0) yield break;
        var what = $"clients of {facts.Name} are told to connect to {facts.AdvertisedHost}";
        if (facts.AdvertisedProblem is { } problem)
            yield return Finding.Warn($"{what}, which cannot be found: {problem}", "a name that clients can find", $"advertised.listeners={facts.Name}://NAME:PORT with this machine's name or address");
        else if (facts.IsPublic && facts.IsAdvertisedLocal)
            yield return Finding.Warn($"{what}, which is this machine only", "a name that other machines can find, since they can reach the listener", $"advertised.listeners={facts.Name}://NAME:PORT with this machine's name or address");
        else
            yield return Finding.Ok(what);
    }

    public static IEnumerable<Finding> Certificate(ListenerFacts facts)
    {
        if (facts.Certificate is not { } certificate) yield break;
        const string mend = "put a new one in the same place";
        if (certificate.Problem is { } problem)
        {
            yield return Finding.Fail($"the certificate of {facts.Name} in {certificate.Path} cannot be read: {problem}", "PEM, PKCS#12 or JKS, readable for the broker's user, with its password", mend);
            yield break;
        }

        var left = certificate.Until - facts.Now;
        var what = string.Create(CultureInfo.InvariantCulture, $"the certificate of {facts.Name} in {certificate.Path} holds until {certificate.Until.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        const string should = "a certificate that holds for 30 days at least: clients refuse one that has ended";
        if (certificate.From > facts.Now) yield return Finding.Fail(string.Create(CultureInfo.InvariantCulture, $"the certificate of {facts.Name} in {certificate.Path} holds from {certificate.From.UtcDateTime:yyyy-MM-dd HH:mm} UTC on"), "one that holds now", mend);
        else if (left <= TimeSpan.Zero) yield return Finding.Fail(what, should, mend);
        else yield return left < Soon ? Finding.Warn(what, should, mend) : Finding.Ok(what);
    }

    private static string Where(ListenerFacts facts) =>
        string.Create(CultureInfo.InvariantCulture, $"{facts.Name}://{(facts.Host.Contains(':', StringComparison.Ordinal) ? $"[{facts.Host}]" : facts.Host)}:{facts.Port}");
}
