using System.Diagnostics;
using Moldau.Client.Producing;

namespace Moldau.Client.Telemetry;

/// <summary>The span of one record on its way. It ends on whichever thread learns what became of it, whose ambient activity is left alone.</summary>
internal sealed class SendSpan(Activity span, ClientSpans spans)
{
    public void Succeed(RecordAck ack)
    {
        span.SetTag(TelemetryTag.Partition, ClientSpans.Number(ack.Where.Partition));
        if (ack.Offset >= 0) span.SetTag(TelemetryTag.Offset, ack.Offset);
        spans.AddServer(span, ack.Where);
        End();
    }

    public void Fail(Exception failure)
    {
        ClientSpans.Fail(span, failure);
        End();
    }

    private void End()
    {
        var ambient = Activity.Current;
        span.Stop();
        Activity.Current = ambient;
    }
}
