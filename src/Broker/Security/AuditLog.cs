using Microsoft.Extensions.Logging;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Rules;
using Moldau.Broker.Timing;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Security;

/// <summary>
/// Who was refused what, and who changed what. Refusals are bounded: a client that asks on and on must not fill the disk with
/// what it is told. What is left out is counted, and the count is told a second later.
/// </summary>
internal sealed class AuditLog(ILogger logger, Delays delays)
{
    /// <summary>Lines about refusals in one second.</summary>
    internal const int MostDenials = 20;

    private const int Second = 1000;

    private readonly Lock _sync = new();
    private Window? _window;

    /// <summary>Somebody may not do what he asked for.</summary>
    public void Denied(Subject subject, ApiKey api, AclOperation operation, AclResource resource, string? name)
    {
        lock (_sync)
        {
            if (_window is null) delays.Schedule(_window = new Window(this), Second);
            if (++_window.Denials > MostDenials) return;
        }

        AuditLines.Denied(logger, LogText.Escape(subject.Name), subject.Host, operation, resource, name is null ? "any" : LogText.Escape(name), api);
    }

    /// <summary>Somebody has changed something.</summary>
    /// <param name="principal">Who.</param>
    /// <param name="address">From where.</param>
    /// <param name="what">A verb, as in created.</param>
    /// <param name="kind">Of what is changed.</param>
    /// <param name="name">Which.</param>
    public void Changed(Principal principal, string address, string what, string kind, string name) =>
        AuditLines.Changed(logger, LogText.Escape(principal.ToString()), address, what, kind, LogText.Escape(name));

    private void End(Window window)
    {
        lock (_sync) _window = null;
        if (window.Denials > MostDenials) AuditLines.LeftOut(logger, window.Denials - MostDenials);
    }

    /// <summary>A second in which somebody was refused something.</summary>
    private sealed class Window(AuditLog log) : Delay
    {
        public int Denials { get; set; }

        public override void Elapsed() => log.End(this);
    }
}
