using System.CommandLine;
using System.Runtime.InteropServices;
using Moldau.Client;
using Moldau.Host.Commands.Connecting;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands;

/// <summary>What verbs that talk to a cluster share: where it is, how long they wait for it, and how they end.</summary>
internal sealed class ClusterVerb
{
    public const string ServerVariable = "MOLDAU_SERVER";
    public const string ConfigVariable = "MOLDAU_COMMAND_CONFIG";
    private const string DefaultServer = "127.0.0.1:9092";

    private readonly Terminal _terminal;
    private readonly Option<string?> _server = new("--server", "--bootstrap-server")
    {
        Description = $"Brokers to begin with; {ServerVariable}, else {DefaultServer} where nothing is said",
        HelpName = "HOST:PORT",
    };
    private readonly Option<string?> _config = new("--command-config")
    {
        Description = $"A file that says how to enter: security.protocol, sasl.*, ssl.*, as Kafka's tools take it; {ConfigVariable} where nothing is said",
        HelpName = "FILE",
    };
    private readonly Option<double> _timeout = new("--timeout") { Description = "How long to try at most, in seconds", HelpName = "SECONDS", DefaultValueFactory = static _ => 30 };

    public ClusterVerb(Terminal terminal, string name, string description, params Symbol[] symbols)
    {
        _terminal = terminal;
        Command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) Command.Add(argument);
            else Command.Add((Option)symbol);
        }

        Command.Add(_server);
        Command.Add(_config);
        Command.Add(_timeout);
    }

    public Command Command { get; }

    /// <summary>The server that was named; null where the default counts, and for a verb that also does something without one.</summary>
    public string? NamedServer(ParseResult parsed) => parsed.GetValue(_server) is { Length: > 0 } given ? given : null;

    /// <param name="run">The verb's deed; its result is the exit code.</param>
    /// <param name="change">What it wants other than every verb does.</param>
    public Command Does(Func<KafkaClient, ParseResult, CancellationToken, Task<int>> run, Func<KafkaClientOptions, ParseResult, KafkaClientOptions>? change = null)
    {
        Command.SetAction(parsed => RunAsync(parsed, run, change).GetAwaiter().GetResult());
        return Command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed, Func<KafkaClient, ParseResult, CancellationToken, Task<int>> run, Func<KafkaClientOptions, ParseResult, KafkaClientOptions>? change)
    {
        var file = parsed.GetValue(_config) ?? Environment.GetEnvironmentVariable(ConfigVariable);
        var properties = string.IsNullOrEmpty(file) ? null : ClientProperties.Read(file);
        var server = parsed.GetValue(_server) ?? Environment.GetEnvironmentVariable(ServerVariable) ?? properties?.Find("bootstrap.servers");
        var patience = TimeSpan.FromSeconds(parsed.GetValue(_timeout));
        var options = new KafkaClientOptions
        {
            Bootstrap = string.IsNullOrEmpty(server) ? DefaultServer : server,
            ClientId = "moldau-cli",
            OperationTimeout = patience,
            RequestTimeout = patience,
            Clock = _terminal.Clock,
        };
        if (properties is not null) options = properties.Apply(options);
        if (change is not null) options = change(options, parsed);
        using var interrupted = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        var client = new KafkaClient(options);
        await using (client.ConfigureAwait(false))
        {
            try
            {
                return await run(client, parsed, interrupted.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                await _terminal.Error.WriteLineAsync("moldau: interrupted").ConfigureAwait(false);
                return ExitCode.Failed;
            }
            finally
            {
                await _terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        void Interrupt(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }
    }
}
