using System.Text;
using Moldau.Host.Commands;
using Moldau.Host.Commands.Output;
using Moldau.Unit.Broker.Serving;

namespace Moldau.Unit.Host.Commands.Cluster;

/// <summary>One run of a verb against a broker of this process.</summary>
internal sealed record VerbRun(int ExitCode, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static Task<VerbRun> OfAsync(TestBroker broker, params string[] arguments) => WithAsync(broker, "", null, arguments);

    public static Task<VerbRun> WithAsync(TestBroker broker, string input, Func<string, string?>? ask, params string[] arguments) =>
        // Verbs run to their end on the thread that starts them.
        Task.Run(() =>
        {
            using var bytes = new MemoryStream();
            using var output = new StreamWriter(bytes) { AutoFlush = true, NewLine = "\n" };
            using var error = new StringWriter();
            using var given = new MemoryStream(Encoding.UTF8.GetBytes(input));
            var terminal = new Terminal { Output = output, Error = error, Bytes = bytes, Input = given, Ask = ask };
            var exitCode = new CommandRunner(terminal).Run([.. arguments, "--server", $"127.0.0.1:{broker.Address.Port}"]);
            return new VerbRun(exitCode, bytes.ToArray(), error.ToString());
        });
}
