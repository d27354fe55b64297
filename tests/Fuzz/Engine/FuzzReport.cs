namespace Moldau.Fuzz.Engine;

/// <summary>What became of one target.</summary>
internal sealed record FuzzReport(string Target, int Seed, long Inputs, long Accepted, int Corpus, FuzzFinding? Finding);
