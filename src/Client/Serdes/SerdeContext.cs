namespace Moldau.Client.Serdes;

/// <summary>What is being written or read.</summary>
public readonly record struct SerdeContext(string Topic, bool IsKey);
