using Moldau.Compatibility.Clients.Matrix;
using Moldau.Compatibility.Kafka;

namespace Moldau.Compatibility.Observability;

/// <summary>A collector of OpenTelemetry's data whose decoders were generated from the published definitions, by others.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TalkingProgram _program;

    private OtlpReceiver(TalkingProgram program, string port) => (_program, Endpoint) = (program, $"http://127.0.0.1:{port}");

    public string Endpoint { get; }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var program = TalkingProgram.Start("a receiver of OTLP", await NodeClients.CommandAsync("otlp-receiver"));
        return new OtlpReceiver(program, Told.Read(await program.LineAsync("{", null, Deadline)).Name);
    }

    /// <summary>Reads on until each of them was told.</summary>
    public async Task<IReadOnlyList<Told>> WaitAsync(params Predicate<Told>[] wanted)
    {
        var (found, until) = (new Told?[wanted.Length], DateTime.UtcNow + Deadline);
        while (found.Contains(null))
        {
            if (DateTime.UtcNow > until) throw new TimeoutException($"number {Array.IndexOf(found, null)} of what was waited for was not told");
            var told = Told.Read(await _program.LineAsync("{", "{\"signal\":\"fault\"", Deadline));
            for (var i = 0; i < wanted.Length; i++)
            {
                if (found[i] is null && wanted[i](told)) found[i] = told;
            }
        }

        return [.. found.Select(static one => one!)];
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
