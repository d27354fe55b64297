using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Moldau.Bench.Limit;

namespace Moldau.Bench.Race;

/// <summary>Starts the contenders, with what they must have in common said to both.</summary>
internal static class Contenders
{
    public const string LimitArgument = "limit-process";

    /// <summary>
    /// Old records go soon, so that a long run stays in memory; a broker that was stopped for minutes is not taken for dead by
    /// its own controller, nor does it take its members for dead; coordinators have the shards and the delay that Kafka has by
    /// itself.
    /// </summary>
    private static readonly string[] Common =
    [
        "log.retention.check.interval.ms=500", "log.segment.delete.delay.ms=0", "log.initial.task.delay.ms=500",
        "num.network.threads=3", "num.io.threads=8", "auto.create.topics.enable=false", "controlled.shutdown.enable=true",
        "offsets.topic.num.partitions=50", "transaction.state.log.num.partitions=50", "group.initial.rebalance.delay.ms=3000",
        "share.coordinator.state.topic.num.partitions=50", "share.coordinator.state.topic.replication.factor=1", "share.coordinator.state.topic.min.isr=1",
        "group.share.max.session.timeout.ms=1800000", "group.share.session.timeout.ms=1800000", "group.share.assignment.interval.ms=0",
        "group.share.max.partition.max.record.locks=10000", "group.share.max.record.lock.duration.ms=3600000",
        "group.consumer.max.session.timeout.ms=1800000", "group.consumer.session.timeout.ms=1800000",
    ];

    public static string? KafkaScript => Environment.GetEnvironmentVariable("MOLDAU_KAFKA") is { Length: > 0 } folder ? Path.Combine(folder, "kafka") : null;

    private static string Root => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    public static Contender Start(ContenderKind kind, string folder) => kind switch
    {
        ContenderKind.Moldau => StartMoldau(folder, FreePort()),
        ContenderKind.Guarded => GuardedBroker.Start(folder, FreePort()),
        ContenderKind.Kafka => StartKafka(folder, FreePort(), "broker.session.timeout.ms=3600000"),
        _ => StartLimit(folder),
    };

    public static Contender StartMoldau(string folder, int port) => new(ContenderKind.Moldau, LaunchMoldau(folder, $"127.0.0.1:{port}"), port, folder);

    /// <summary>With a second listener that speaks TLS.</summary>
    public static Contender StartWithTls(ContenderKind kind, string folder, string keystore)
    {
        var (port, tls) = (FreePort(), FreePort());
        string[] settings = ["listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SSL", $"ssl.keystore.location={keystore}", "ssl.keystore.type=PEM"];
        string[] own = [.. settings, $"listeners=PLAINTEXT://127.0.0.1:{port},TLS://127.0.0.1:{tls}"];
        string[] kafkas = [.. settings, "broker.session.timeout.ms=3600000", $"listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1},TLS://127.0.0.1:{tls}", $"advertised.listeners=PLAINTEXT://127.0.0.1:{port},TLS://127.0.0.1:{tls}"];
        return kind == ContenderKind.Moldau ? new Contender(kind, LaunchMoldau(folder, $"127.0.0.1:{port}", own), port, folder) { TlsPort = tls } : LaunchKafka(folder, port, heap: null, tls, kafkas);
    }

    public static Process LaunchMoldau(string folder, string listener, params string[] settings)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "artifacts", "bin", "Moldau.Host", "release", "moldau"));
        Add(start, "start", "--data", folder, "--listen", listener, "--http", "none");
        foreach (var setting in (string[])[.. Common, .. settings]) Add(start, "--set", setting);
        return Launch(start);
    }

    public static Contender StartKafka(string folder, int port, params string[] settings) => LaunchKafka(folder, port, heap: null, 0, settings);

    /// <summary>With the two settings that shrink its start after a crash and its memory most.</summary>
    public static Contender StartSmallKafka(string folder, int port) => LaunchKafka(folder, port, "-Xmx256m -Xms256m", 0, "broker.session.timeout.ms=1500");

    private static Contender LaunchKafka(string folder, int port, string? heap, int tls, params string[] settings)
    {
        var start = new ProcessStartInfo(KafkaScript ?? throw new InvalidOperationException("MOLDAU_KAFKA names no folder with Apache Kafka"));
        if (heap is not null) start.Environment["KAFKA_HEAP_OPTS"] = heap;
        Add(start, ["broker", port.ToString(CultureInfo.InvariantCulture), folder, .. Common, .. settings]);
        return new Contender(ContenderKind.Kafka, Launch(start), port, Path.Combine(folder, "data")) { TlsPort = tls };
    }

    /// <summary>The bare broker, which checks what is written and forgets it.</summary>
    public static Contender StartForgetful() => StartLimit("");

    private static Contender StartLimit(string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        Add(start, LimitArgument, folder);
        var process = Process.Start(start)!;
        var ports = process.StandardOutput.ReadLine()!.Split(' ');
        return new Contender(ContenderKind.Limit, process, int.Parse(ports[0], CultureInfo.InvariantCulture), folder) { EchoPort = int.Parse(ports[1], CultureInfo.InvariantCulture) };
    }

    /// <summary>What the process of the bare broker does.</summary>
    public static void RunLimit(string folder)
    {
        using var echo = new EchoServer();
        using var broker = new BareBroker(folder.Length > 0 ? folder : null);
        echo.Start();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{broker.Port} {echo.Port}"));
        broker.Run();
    }

    /// <summary>Kafka's controller takes the next one.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var one = Bound(0);
            var port = ((IPEndPoint)one.LocalEndpoint).Port;
            try
            {
                using var next = Bound(port + 1);
                return port;
            }
            catch (SocketException)
            {
                // Taken: somewhere else.
            }
        }
    }

    private static TcpListener Bound(int port)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return listener;
    }

    private static void Add(ProcessStartInfo start, params string[] arguments)
    {
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
    }

    private static Process Launch(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        var process = Process.Start(start) ?? throw new InvalidOperationException("could not start " + start.FileName);
        // Read, or it would stand still when the pipe is full; what it says at its end is shown where it ended unasked.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => { if (line.Data is { Length: > 0 } text && text.Contains("rror", StringComparison.Ordinal)) Console.Error.WriteLine(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
