namespace Moldau.Client.Telemetry.Pushing;

internal enum PushStep
{
    /// <summary>Ask what is wanted.</summary>
    Ask,

    Push,

    /// <summary>The last push, since the client is being closed.</summary>
    End,
}
