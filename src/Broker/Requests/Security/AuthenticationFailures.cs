using Moldau.Broker.Network;
using Moldau.Broker.Security.Sasl;
using Moldau.Broker.Timing;

namespace Moldau.Broker.Requests.Security;

/// <summary>Makes failing slow: the answer is held back for a while, and the connection ends behind it.</summary>
internal sealed class AuthenticationFailures(LiveSettings settings, Delays delays, TimeProvider clock, NetworkLog log)
{
    private const int MostShown = 32;
    private const int LinesAtOnce = 20;

    // Whoever guesses passwords must not fill the disk with it.
    private readonly LinePace _pace = new(clock, LinesAtOnce, TimeSpan.FromSeconds(10));

    public async Task HoldAsync(Exchange exchange, SaslSession session, string mechanism, string reason)
    {
        var connection = exchange.Connection;
        connection.Listener.Authentication.Count(succeeded: false, again: session.IsAgain);
        var left = _pace.Take();
        if (left == 0) log.AuthenticationFailed(connection.Remote, connection.Listener.Name, Shown(mechanism), reason);
        else if (left > 0) log.AuthenticationsFailed(connection.Remote, connection.Listener.Name, Shown(mechanism), reason, left);
        session.Refuse();
        exchange.EndReason = "it was not authenticated";
        var delay = settings.Current.Sasl.FailureDelayMilliseconds;
        if (delay == 0) return;
        var wait = new Wait();
        delays.Schedule(wait, delay);
        await wait.Task.ConfigureAwait(false);
    }

    /// <summary>A mechanism has failed, and not whoever spoke it.</summary>
    public void Tell(Exchange exchange, Exception fault) =>
        log.RequestFailed(exchange.Api.Name, exchange.Version, exchange.Connection.Remote, exchange.ClientId, fault);

    /// <summary>A name from outside is not written to the log as it is.</summary>
    private static string Shown(string name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_')) return "an odd one";
        }

        return name.Length > MostShown ? "a long one" : name;
    }

    private sealed class Wait : Delay
    {
        private readonly TaskCompletionSource _elapsed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _elapsed.Task;

        public override void Elapsed() => _elapsed.TrySetResult();
    }
}
