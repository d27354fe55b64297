using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Moldau.Bench.Load;

namespace Moldau.Bench.Race;

/// <summary>Ours beside Apache Kafka over TLS 1.3, with a certificate of ECDSA P-256.</summary>
internal static class TlsRows
{
    private const short Leader = 1;
    private const int BatchBytes = 64 << 10;
    private const int Partitions = 6;
    private const int Crowd = 4;

    public static IEnumerable<RaceRow> All()
    {
        yield return new RaceRow("tls produce 1 KiB", ContenderKind.Kafka, static (contender, turn) => Turns.OnNewTopic(contender, Partitions, isFlushed: false, () => Produce(contender, turn)), new RaceGoal(Metric.CpuPerMillion, 1), new RaceGoal(Metric.RecordsPerSecond, 1)) { IsQuick = true };
        yield return new RaceRow("tls consume 1 KiB, hot", ContenderKind.Kafka, static (contender, turn) => Consume(contender, turn), new RaceGoal(Metric.CpuPerMillion, 1), new RaceGoal(Metric.RecordsPerSecond, 1))
        {
            Prepare = static contender => Turns.Fill(contender, Batches(), Partitions, 500_000),
            CleanUp = static contender => Topics.Delete(contender, Turns.Topic),
        };
        yield return new RaceRow("tls handshakes", ContenderKind.Kafka, static (contender, turn) => GroupRows.Counted(contender, () => new HandshakeLoad(contender.TlsPort, Crowd).Run(turn)), new RaceGoal(Metric.OperationsPerSecond, 1), new RaceGoal(Metric.CpuPerMillion), new RaceGoal(Metric.P99))
        {
            WarmUp = TimeSpan.FromSeconds(10),
            Note = $"TLS 1.3, ECDSA P-256, none taken up again, from {Crowd} threads; times of a served connection beside them",
        };
    }

    public static Contender Start(ContenderKind kind, string folder)
    {
        // Beside the data, where nothing else may lie.
        var keystore = folder + ".pem";
        File.WriteAllText(keystore, Certificate());
        return Contenders.StartWithTls(kind, folder, keystore);
    }

    private static EncodedBatches Batches() => new(Leader, Turns.Topic, Partitions, recordBytes: 1024, BatchBytes);

    private static RaceSample Produce(Contender contender, TimeSpan turn)
    {
        using var source = Batches();
        return Turns.Counted(contender, () => new ProduceLoad(contender.TlsPort, source, connections: 1, inFlight: 5, speaksTls: true).Run(turn));
    }

    private static RaceSample Consume(Contender contender, TimeSpan turn)
    {
        using var load = new FetchLoad(contender.TlsPort, Turns.Topic, Partitions, speaksTls: true);
        return Turns.Counted(contender, () => load.Run(turn));
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        return $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n";
    }
}
