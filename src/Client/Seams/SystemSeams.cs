namespace Moldau.Client.Seams;

/// <summary>What a client stands on where its options name nothing else.</summary>
internal static class SystemSeams
{
    public static TimeProvider Clock => TimeProvider.System;

    public static Random Chance() => new();
}
