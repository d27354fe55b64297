namespace Moldau.Host.Commands;

/// <summary>A command line that reads well and makes no sense; nothing was tried.</summary>
internal sealed class MisuseException(string problem) : Exception(problem);
