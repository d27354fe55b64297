using System.Diagnostics;
using System.Text;
using Moldau.Client.Consuming;
using Moldau.Protocol.Records;

namespace Moldau.Client.Telemetry;

/// <summary>The context that a record carries from its producer to its consumers: W3C's, in two headers.</summary>
internal static class TraceContext
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    // More is no context: W3C's own has 55 characters, and lists of states up to 512.
    private const int Longest = 1024;

    public static bool IsIn(RecordHeader[]? headers)
    {
        foreach (var header in headers ?? [])
        {
            if (header.Key == Parent) return true;
        }

        return false;
    }

    /// <summary>Headers with this context behind those there are.</summary>
    public static RecordHeader[]? With(RecordHeader[]? headers, Activity? carrier)
    {
        if (carrier is not { IdFormat: ActivityIdFormat.W3C, Id: { } id }) return headers;
        var parent = new RecordHeader(Parent, Encoding.ASCII.GetBytes(id));
        return string.IsNullOrEmpty(carrier.TraceStateString)
            ? [.. headers ?? [], parent]
            : [.. headers ?? [], parent, new RecordHeader(State, Encoding.UTF8.GetBytes(carrier.TraceStateString))];
    }

    /// <summary>What headers that are to be written carry already.</summary>
    public static ActivityContext Of(RecordHeader[]? headers)
    {
        string? parent = null;
        string? state = null;
        foreach (var header in headers ?? [])
        {
            if (header.Key == Parent) parent = Text(header.Value.Memory);
            else if (header.Key == State) state = Text(header.Value.Memory);
        }

        return Parse(parent, state);
    }

    /// <summary>What headers that were read carry; the default where they carry none.</summary>
    public static ActivityContext Of(in Headers headers)
    {
        if (!headers.TryGet(Parent, out var parent)) return default;
        headers.TryGet(State, out var state);
        return Parse(Text(parent), Text(state));
    }

    private static ActivityContext Parse(string? parent, string? state) =>
        ActivityContext.TryParse(parent, state, isRemote: true, out var context) ? context : default;

    private static string? Text(ReadOnlyMemory<byte>? value) => value is { Length: > 0 and <= Longest } text ? Encoding.UTF8.GetString(text.Span) : null;
}
