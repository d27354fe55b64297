namespace Moldau.Host.Commands;

internal enum OutputFormat
{
    Text,
    Wide,
    Json,
    Yaml,
}
