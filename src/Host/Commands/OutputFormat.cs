namespace Moldau.Host.Commands;

internal enum OutputFormat
{
    Text,
    Json,
}
